import { BUFFER_BYTES, ReadBuffers } from "../../../../runtime/reactor/epoll/buffers.ts";
import {
  assertEquals,
  assertNotStrictEquals,
  assertStrictEquals,
} from "../../../support/assert.ts";

Deno.test("ReadBuffers: a buffer that was given back is lent again", () => {
  const buffers = new ReadBuffers();
  const [one, other] = [buffers.take(), buffers.take()];
  assertNotStrictEquals(one, other);
  buffers.giveBack(one);
  assertStrictEquals(buffers.take(), one);
  assertEquals(one.bytes.length, BUFFER_BYTES);
});

Deno.test("ReadBuffer: a view of the same size is the same view", () => {
  const buffer = new ReadBuffers().take();
  const view = buffer.view(0, 10);
  assertStrictEquals(buffer.view(0, 10), view);
  assertEquals([buffer.view(0, 3).length, buffer.view(4, 10).byteOffset], [3, 4]);
});
