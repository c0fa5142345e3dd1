import fc from "fast-check";
import { type Heard, LineCutter, TooLong } from "../../../commands/chat-server/line_cutter.ts";
import { readRequest } from "../../../commands/chat-server/protocol.ts";
import { assert, assertEquals } from "../../support/assert.ts";

const MAX_BYTES = 60;
// deno-lint-ignore no-control-regex
const UNWANTED = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

/** Bytes that are hard on a parser: ends of lines, negotiation, halves of characters, commands. */
const nasty = fc.array(
  fc.oneof(
    fc.uint8Array({ maxLength: 12 }),
    fc.constantFrom(..."\n;\r\n;\r;/;//;/nick ;/msg a ;/ban x 5m ;\u202e;ä;👩".split(";"))
      .map((text) => new TextEncoder().encode(text)),
    fc.constantFrom([0xff, 0xfd, 1], [0xff, 0xfa, 31], [0xff, 0xf0], [0xff], [0xe2, 0x80])
      .map((bytes) => new Uint8Array(bytes)),
    fc.integer({ min: 50, max: 80 }).map((length) => new Uint8Array(length).fill(0x61)),
  ),
  { maxLength: 40, size: "max" },
).map((parts) => new Uint8Array(parts.flatMap((part) => [...part])));

function linesOf(bytes: Uint8Array, cuts: readonly number[]): Heard[] {
  const cutter = new LineCutter(MAX_BYTES);
  const lines: Heard[] = [];
  const edges = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  for (const [i, from] of [0, ...edges].entries()) {
    let chunk = bytes.subarray(from, edges[i]);
    while (chunk.length > 0) {
      chunk = chunk.subarray(cutter.feed(chunk));
      if (cutter.heard !== undefined) lines.push(cutter.heard);
    }
  }
  const last = cutter.finish();
  return last === undefined ? lines : [...lines, last];
}

Deno.test("parser: no bytes in any chunks throw, get control characters through, or too much", () => {
  fc.assert(
    fc.property(nasty, fc.array(fc.nat()), (bytes, cuts) => {
      for (const line of linesOf(bytes, cuts)) {
        const { command, cost } = readRequest(line, MAX_BYTES);
        assert(cost > 0);
        if (line !== TooLong) {
          assert(!UNWANTED.test(line));
          assert(new TextEncoder().encode(line).length <= MAX_BYTES);
        }
        for (const said of Object.values(command ?? {})) {
          assert(typeof said !== "string" || !UNWANTED.test(said));
        }
      }
    }),
    { numRuns: 500 },
  );
});

Deno.test("parser: chunks make no difference", () => {
  fc.assert(
    fc.property(nasty, fc.array(fc.nat()), (bytes, cuts) => {
      assertEquals(linesOf(bytes, cuts), linesOf(bytes, []));
    }),
    { numRuns: 500 },
  );
});

Deno.test("parser: plain lines come through as they are", () => {
  const plain = fc.array(fc.stringMatching(/^[a-zäß€]{0,10}$/));
  fc.assert(fc.property(plain, fc.array(fc.nat()), (lines, cuts) => {
    const bytes = new TextEncoder().encode(lines.map((line) => line + "\n").join(""));
    assertEquals(linesOf(bytes, cuts), lines);
  }));
});
