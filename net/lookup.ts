import { lookup as ask } from "node:dns/promises";
import { type Co, fromPromise, IoError } from "../runtime/mod.ts";

/**
 * The first address of a host's name in one family, as the system resolves it; an address is its own.
 *
 * For programs that have to choose: connecting by name takes whichever address comes first.
 *
 * Cancel safety: safe; the answer is thrown away.
 *
 * @throws {IoError} `host-not-found` when it has none, `permission-denied` without `--allow-net`
 *
 * @example
 * ```ts
 * import { blockOn } from "wakeful/runtime";
 * import { lookup } from "wakeful/net";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await blockOn(() => lookup("localhost", 4)), "127.0.0.1");
 * ```
 */
export function* lookup(host: string, family: 4 | 6): Co<string> {
  const doing = `resolve ${host}`;
  let address: string | undefined;
  try {
    ({ address } = yield* fromPromise(ask(host, { family })));
  } catch (error) {
    const isDenied = (error as { code?: string }).code === "EPERM";
    const kind = isDenied ? "permission-denied" : "host-not-found";
    const why = isDenied ? "it needs --allow-net" : `no IPv${family} address`;
    throw new IoError(kind, `${doing}: ${why}`, { cause: error });
  }
  // An address is answered as it is, and Deno 2.6 answers with none where newer ones throw.
  if (address?.includes(":") === (family === 6)) return address;
  throw new IoError("host-not-found", `${doing}: no IPv${family} address`);
}
