/**
 * Deno 2.6 shakes hands for a TLS socket of Node's only after it has told that it did, and ends both
 * directions when one is ended.
 */
export const IS_OLD_DENO: boolean = Deno.version.deno.startsWith("2.6.");
