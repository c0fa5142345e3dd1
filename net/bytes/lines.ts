import type { Context, Future, Item, Poll } from "../../runtime/mod.ts";
import type { AsyncRead } from "./async_read.ts";
import { BufReader, type LineOptions } from "./buf_reader.ts";

/**
 * The lines of a reader, one after the other; made by {@link lines}.
 *
 * Cancel safety: safe; a dropped `nextLine` has taken nothing.
 */
export class Lines {
  /** Where the bytes come from that are not read as lines, such as a body behind its head. */
  readonly reader: BufReader;
  #options: LineOptions;

  constructor(reader: BufReader, options: LineOptions) {
    this.reader = reader;
    this.#options = options;
  }

  /** As {@link BufReader.readLine}. */
  nextLine(): Future<Item<string>> {
    return this.reader.readLine(this.#options);
  }

  /** As {@link nextLine}, at the level of polls. */
  pollNext(cx: Context): Poll<Item<string>> {
    return this.reader.pollLine(cx, this.#options);
  }

  /** As {@link BufReader.skipLine}: goes on behind a line that was too long. */
  skipLine(): Future<boolean> {
    return this.reader.skipLine();
  }
}

/**
 * Reads text line by line, whether lines end with LF or CRLF.
 *
 * A `BufReader` is used as it is; any other reader gets one, which holds what was received beyond
 * the lines that were taken.
 *
 * @example Read lines, and survive one that is too long
 * ```ts
 * import { blockOn, End, TooLong } from "wakeful/runtime";
 * import { duplex, lines } from "wakeful/net";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const seen: string[] = [];
 * await blockOn(function* () {
 *   const [client, server] = duplex();
 *   yield* client.writeAll(new TextEncoder().encode("one\r\nmuch too long\ntwo"));
 *   client.close();
 *   const input = lines(server, { maxBytes: 5 });
 *   for (;;) {
 *     try {
 *       const line = yield* input.nextLine();
 *       if (line === End) break;
 *       seen.push(line);
 *     } catch (error) {
 *       assert(error instanceof TooLong);
 *       yield* input.skipLine();
 *     }
 *   }
 * });
 * assertEquals(seen, ["one", "two"]);
 * ```
 */
export function lines(reader: AsyncRead, options: LineOptions = {}): Lines {
  return new Lines(reader instanceof BufReader ? reader : new BufReader(reader), options);
}
