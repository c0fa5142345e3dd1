const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;
const IPV4_PART_MAX = 255;

/**
 * An IP address in the one way of writing it: `0:0:0:0:0:0:0:1` is `::1`; `undefined` when it is no
 * IP address.
 */
export function canonicalIp(host: string): string | undefined {
  return host.includes(":") ? canonicalIpv6(host) : canonicalIpv4(host);
}

function canonicalIpv4(host: string): string | undefined {
  const parts = IPV4.exec(host)?.slice(1).map(Number);
  return parts?.every((part) => part <= IPV4_PART_MAX) ? parts.join(".") : undefined;
}

/** The parser of URLs knows the rules (RFC 5952). */
function canonicalIpv6(host: string): string | undefined {
  return URL.parse(`http://[${host}]`)?.hostname.slice(1, -1);
}
