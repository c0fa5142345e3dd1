import { TelnetFilter } from "../../../commands/chat-server/telnet.ts";
import { assertEquals } from "../../support/assert.ts";
import { textOf } from "../../support/bytes.ts";

/** What is left of chunks of bytes; text in a chunk stands for its bytes. */
function stripped(...chunks: (string | number)[][]): string {
  const filter = new TelnetFilter();
  return chunks.map((chunk) => {
    const bytes = chunk.flatMap((part) =>
      typeof part === "number" ? [part] : [...new TextEncoder().encode(part)]
    );
    return textOf(filter.strip(new Uint8Array(bytes)));
  }).join("");
}

const [IAC, WILL, DONT, SB, SE, NAWS] = [0xff, 0xfb, 0xfe, 0xfa, 0xf0, 0x1f];

Deno.test("TelnetFilter: text stays as it is, without a copy", () => {
  const bytes = new TextEncoder().encode("hello");
  assertEquals(new TelnetFilter().strip(bytes) === bytes, true);
});

Deno.test("TelnetFilter: offers, refusals and commands go", () => {
  assertEquals(stripped(["a", IAC, WILL, NAWS, "b", IAC, DONT, 1, "c", IAC, 0xf1, "d"]), "abcd");
});

Deno.test("TelnetFilter: a subnegotiation goes with all that is in it", () => {
  assertEquals(stripped(["a", IAC, SB, NAWS, 0, 80, IAC, IAC, 24, IAC, SE, "b"]), "ab");
});

Deno.test("TelnetFilter: a doubled IAC is not text either: no UTF-8 has it", () => {
  assertEquals(stripped(["a", IAC, IAC, "b"]), "ab");
});

Deno.test("TelnetFilter: it does not matter where the chunks end", () => {
  assertEquals(stripped(["a", IAC], [WILL], [NAWS, "b", IAC], [SB, 1], [IAC], [SE, "c"]), "abc");
});

Deno.test("TelnetFilter: a subnegotiation without an end does not swallow everything", () => {
  assertEquals(stripped([IAC, SB, "x".repeat(257), "hello"]), "hello");
});

Deno.test("TelnetFilter: after a reset, what had begun is forgotten", () => {
  const filter = new TelnetFilter();
  filter.strip(new Uint8Array([IAC, WILL]));
  filter.reset();
  assertEquals(textOf(filter.strip(new TextEncoder().encode("hi"))), "hi");
});
