import fc from "../../support/fast_check.ts";
import { ByteBuffer } from "../../../net/bytes/byte_buffer.ts";
import { assertEquals, assertLess } from "../../support/assert.ts";
import { bytes, firstWrong, numbered, textOf } from "../../support/bytes.ts";

Deno.test("ByteBuffer: appends at the end, takes from the start", () => {
  const buffer = new ByteBuffer();
  buffer.append(bytes("hello "));
  buffer.append(bytes("world"));
  buffer.consume(4);
  assertEquals([textOf(buffer.view), buffer.length], ["o world", 7]);
  assertEquals([buffer.indexOf(0x6f), buffer.indexOf(0x6f, 1), buffer.indexOf(0x78)], [0, 3, -1]);
});

Deno.test("ByteBuffer: takes no more than there is", () => {
  const buffer = new ByteBuffer();
  buffer.append(bytes("abc"));
  buffer.consume(Infinity);
  assertEquals(buffer.length, 0);
  buffer.append(bytes("d"));
  assertEquals(textOf(buffer.view), "d");
});

Deno.test("ByteBuffer: memory does not grow with what went through", () => {
  const buffer = new ByteBuffer();
  buffer.append(bytes("x"));
  for (let i = 0; i < 10_000; i++) {
    buffer.append(new Uint8Array(100));
    buffer.consume(100);
  }
  assertLess(buffer.view.buffer.byteLength, 1000);
});

Deno.test("ByteBuffer: once empty, it gives much memory back", () => {
  const buffer = new ByteBuffer();
  buffer.append(new Uint8Array(1_000_000));
  buffer.consume(1_000_000);
  assertEquals(buffer.view.buffer.byteLength, 0);
});

Deno.test("ByteBuffer: holds what was appended and not taken, in order", () => {
  const steps = fc.array(fc.tuple(fc.nat(300), fc.nat(300)), { maxLength: 40 });
  fc.assert(fc.property(steps, (steps) => {
    const buffer = new ByteBuffer();
    let [added, taken] = [0, 0];
    for (const [add, take] of steps) {
      buffer.append(numbered(added, added += add));
      buffer.consume(take);
      taken = Math.min(added, taken + take);
      assertEquals([buffer.length, firstWrong(buffer.view, taken)], [added - taken, -1]);
    }
  }));
});
