import { UsageError } from "../../cli/errors.ts";
import { quote } from "../../cli/quote.ts";

/** A URL's parts, as a request needs them. */
export interface WebAddress {
  readonly secure: boolean;
  /** A name, or a number without brackets. */
  readonly host: string;
  readonly port: number;
  /** What `Host` says: without the port when it is the scheme's own. */
  readonly hostField: string;
  /** Path and query as they were given, placeholders included. */
  readonly path: string;
}

/** What has no `://` must not look as if one was meant, as `http:/a` does. */
const SHAPE = /^(?:([a-z][a-z0-9+.-]*):\/\/|(?![a-z][a-z0-9+.-]*:\/))([^/?#]+)([^#]*)/i;
const DEFAULT_PORTS: Readonly<Record<string, number>> = { "http:": 80, "https:": 443 };
/** Something, and nothing that is to be filled in: each host has connections of its own. */
const HOST = /^[^{}]+$/;
const EXPECTED = "expected a URL such as http://127.0.0.1:8080/path";
/** Also placeholders, whose files have the names they have. */
const NOT_VISIBLE = /\{\{[a-z]+:[^{}]*\}\}|[^\x21-\x7e]+/g;

/**
 * Reads a URL, which may leave `http://` out as everybody does.
 *
 * @throws {UsageError} when it is none, or asks for something that is not done here
 */
export function readWebAddress(url: string): WebAddress {
  const [, scheme = "http", authority, path] = SHAPE.exec(url) ?? [];
  const parsed = authority === undefined ? null : URL.parse(`${scheme}://${authority}/`);
  if (parsed === null || !HOST.test(parsed.hostname)) {
    throw new UsageError(`${quote(url)}: ${EXPECTED}`);
  }
  const port = DEFAULT_PORTS[parsed.protocol];
  if (port === undefined) {
    throw new UsageError(`${quote(url)}: expected http:// or https://, not ${parsed.protocol}//`);
  }
  if (parsed.username !== "" || parsed.password !== "") {
    throw new UsageError(
      `${quote(url)}: a name and password in a URL are not sent; ` +
        "use --header 'Authorization: Basic …'",
    );
  }
  return {
    secure: parsed.protocol === "https:",
    host: parsed.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: parsed.port === "" ? port : Number(parsed.port),
    hostField: parsed.host,
    path: visible(path.startsWith("/") ? path : `/${path}`),
  };
}

/** What may not stand in a request line, percent-encoded; what is encoded already stays. */
function visible(path: string): string {
  return path.replace(NOT_VISIBLE, (found) => found[0] === "{" ? found : encodeURIComponent(found));
}
