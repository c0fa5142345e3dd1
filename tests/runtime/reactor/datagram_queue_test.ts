import { DatagramQueue } from "../../../runtime/reactor/datagram_queue.ts";
import { assertEquals, assertGreater, assertLess } from "../../support/assert.ts";
import { bytes, textOf } from "../../support/bytes.ts";

const FROM = { transport: "udp", host: "127.0.0.1", port: 1 } as const;

Deno.test("DatagramQueue: gives them whole and in order; none is undefined", () => {
  const queue = new DatagramQueue();
  queue.push(bytes("one"), FROM);
  queue.push(bytes(""), { ...FROM, port: 2 });
  const into = new Uint8Array(8);
  assertEquals(queue.shift(into), { n: 3, from: FROM, truncated: false });
  assertEquals(queue.shift(into), { n: 0, from: { ...FROM, port: 2 }, truncated: false });
  assertEquals([queue.shift(into), queue.length], [undefined, 0]);
});

Deno.test("DatagramQueue: keeps a copy", () => {
  const queue = new DatagramQueue();
  const buffer = bytes("first");
  queue.push(buffer, FROM);
  buffer.set(bytes("WRONG"));
  const into = new Uint8Array(5);
  queue.shift(into);
  assertEquals(textOf(into), "first");
});

Deno.test("DatagramQueue: what does not fit into the buffer is lost, and that is told", () => {
  const queue = new DatagramQueue();
  queue.push(bytes("hello"), FROM);
  const into = new Uint8Array(2);
  assertEquals(queue.shift(into), { n: 2, from: FROM, truncated: true });
  assertEquals(textOf(into), "he");
});

for (const size of [0, 100, 65_507]) {
  Deno.test(`DatagramQueue: is bounded for datagrams of ${size} bytes; the newest are dropped`, () => {
    const queue = new DatagramQueue();
    for (let i = 0; i < 1000; i++) queue.push(new Uint8Array(size), { ...FROM, port: i });
    assertGreater(queue.length, 2);
    assertLess(queue.length, 300);
    assertEquals(queue.dropped, 1000 - queue.length);
    const into = new Uint8Array(0);
    assertEquals(queue.shift(into)?.from.port, 0);
    queue.push(new Uint8Array(size), FROM);
    assertEquals(queue.dropped, 1000 - queue.length);
  });
}
