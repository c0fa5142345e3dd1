import { type IoError, noopWaker, READABLE, WouldBlock, WRITABLE } from "wakeful/runtime";
import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "../../../support/assert.ts";
import { bytes, textOf } from "../../../support/bytes.ts";
import { epollReactor } from "../../../support/epoll.ts";

const LARGE = 8 << 20;

Deno.test("EpollStream: bytes and end that come in one event are both seen", async () => {
  const real = epollReactor();
  const [client, server] = await real.pair();
  await real.write(client, bytes("last words"));
  client.close();
  assertEquals(textOf(await real.read(server, 4)), "last");
  assertEquals(textOf(await real.read(server)), " words"); // a short read, and yet there is more
  assertEquals(server.tryRead(new Uint8Array(1)), 0);
  assertEquals(server.tryRead(new Uint8Array(1)), 0);
  await real.close(server);
});

Deno.test("EpollStream: an end that comes after a short read is an event of its own", async () => {
  const real = epollReactor();
  const [client, server] = await real.pair();
  await real.write(client, bytes("hello"));
  assertEquals(textOf(await real.read(server)), "hello");
  assertStrictEquals(server.tryRead(new Uint8Array(1)), WouldBlock);
  client.close();
  assertEquals((await real.read(server)).length, 0);
  await real.close(server);
});

Deno.test("EpollStream: a reset comes after the bytes that were received before it", async () => {
  const real = epollReactor();
  const [client, server] = await real.pair();
  await real.write(server, bytes("unread")); // closing over it makes the system reset
  await real.write(client, bytes("before"));
  client.close();
  assertEquals(textOf(await real.read(server, 6)), "before");
  for (let i = 0; i < 2; i++) {
    const error = await assertRejects(() => real.read(server)) as IoError;
    assertEquals(error.kind, "connection-reset");
  }
  await real.close(server);
});

Deno.test("EpollStream: a reset that writing has met is no end for reading", async () => {
  const real = epollReactor();
  const [client, server] = await real.pair();
  await real.write(server, bytes("unread"));
  client.close();
  const error = assertThrows(() => server.tryWrite(bytes("more"))) as IoError;
  assertEquals(error.kind, "connection-reset");
  const again = await assertRejects(() => real.read(server)) as IoError;
  assertEquals(again.kind, "connection-reset");
  await real.close(server);
});

Deno.test("EpollStream: errors name the peer, although the system has forgotten it", async () => {
  const real = epollReactor();
  const [client, server] = await real.pair();
  const { peerAddr } = server;
  assert("port" in peerAddr);
  await real.write(server, bytes("unread"));
  client.close();
  await assertRejects(() => real.read(server), Error, `read from 127.0.0.1:${peerAddr.port}: `);
  await real.close(server);
});

Deno.test("EpollStream: a closed stream knows its peer, and nobody else's", async () => {
  const real = epollReactor();
  const [client, server] = await real.pair();
  const { localAddr } = client;
  client.close();
  server.close();
  const [other, third] = await real.pair(); // most likely under the same numbers
  assertEquals([server.peerAddr, client.localAddr], [localAddr, localAddr]);
  assertEquals(client.peerAddr, real.listener.localAddr);
  assertEquals(server.localAddr, { transport: "tcp", host: "0.0.0.0", port: 0 }); // never asked
  await real.close(other, third);
});

Deno.test("EpollStream: what does not fit is taken in part, then not at all, until there is room", async () => {
  const real = epollReactor();
  const [client, server] = await real.pair();
  const large = new Uint8Array(LARGE);
  const taken = client.tryWrite(large);
  assert(typeof taken === "number" && taken > 0 && taken < LARGE, "the system took it all");
  assertStrictEquals(client.tryWrite(large), WouldBlock);
  let received = 0;
  while (received < taken) received += (await real.read(server)).length;
  assertEquals(await real.until(client, WRITABLE, () => client.tryWrite(bytes("!"))), 1);
  await real.close(client, server);
});

Deno.test("EpollStream: each direction ends by itself", async () => {
  const real = epollReactor();
  const [client, server] = await real.pair();
  client.tryShutdown();
  assertEquals((await real.read(server)).length, 0);
  await real.write(server, bytes("still here"));
  assertEquals(textOf(await real.read(client)), "still here");
  server.tryShutdown();
  assertEquals((await real.read(client)).length, 0);
  const error = assertThrows(() => client.tryWrite(bytes("!"))) as IoError;
  assertEquals(error.kind, "broken-pipe");
  await real.close(client, server);
});

Deno.test("EpollStream: what the peer says before the connection is taken is not lost", async () => {
  const real = epollReactor();
  const attempt = real.reactor.connect(real.listener.localAddr);
  const server = await real.accept();
  await real.write(server, bytes("220 welcome"));
  real.reactor.setWaker(attempt.token, WRITABLE, noopWaker());
  assertEquals(await real.reactor.wait(10_000), 1); // connected and readable are one event
  const client = attempt.tryConnect();
  assert(client !== WouldBlock);
  assertEquals(textOf(await real.read(client)), "220 welcome");
  await real.close(client, server);
});

Deno.test("EpollStream: closing wakes whoever waits, and gives the lent buffer back", async () => {
  const real = epollReactor();
  const [client, server] = await real.pair();
  await real.write(client, bytes("x"));
  await real.until(server, READABLE, () => server.tryFill());
  server.close();
  assertThrows(() => server.tryFill(), Error, "closed");
  assertThrows(() => server.tryRead(new Uint8Array(1)), Error, "closed");
  assertThrows(() => server.tryWrite(bytes("x")), Error, "closed");
  assertThrows(() => server.tryShutdown(), Error, "closed");
  server.close();
  assertEquals(real.reactor.size, 2);
  await real.close(client);
});
