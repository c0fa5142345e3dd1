import { countingWaker, IoError, READABLE, WouldBlock, WRITABLE } from "wakeful/runtime";
import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
} from "../../../support/assert.ts";
import { RealReactor } from "../../../support/real_reactor.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("DenoStream: bytes go over as they are, in pieces of any size", async () => {
  const real = new RealReactor();
  const [client, server] = await real.pair();
  await real.write(client, bytes("hello world"));
  assertEquals(text(await real.read(server, 5)), "hello");
  assertEquals(text(await real.read(server, 1)), " ");
  assertEquals(text(await real.read(server)), "world");
  await real.write(server, bytes("back"));
  assertEquals(text(await real.read(client)), "back");
  real.close(client, server);
});

Deno.test("DenoStream: a read that nobody waits for any more loses no byte", async () => {
  const real = new RealReactor();
  const [client, server] = await real.pair();
  assertStrictEquals(server.tryRead(new Uint8Array(100)), WouldBlock);
  await real.write(client, bytes("kept"));
  await real.reactor.wait(10);
  assertEquals(text(await real.read(server)), "kept");
  real.close(client, server);
});

Deno.test("DenoStream: the peer's end is an empty read, after all its bytes, again and again", async () => {
  const real = new RealReactor();
  const [client, server] = await real.pair();
  await real.write(client, bytes("last"));
  client.close();
  assertEquals(text(await real.read(server)), "last");
  assertEquals((await real.read(server)).length, 0);
  assertEquals(server.tryRead(new Uint8Array(1)), 0);
  real.close(server);
});

Deno.test("DenoStream: shutting down ends one direction; the other goes on", async () => {
  const real = new RealReactor();
  const [client, server] = await real.pair();
  await real.write(client, bytes("question"));
  await real.until(client, WRITABLE, () => client.tryShutdown());
  assertEquals(await real.readAll(server), 8);
  await real.write(server, bytes("answer"));
  assertEquals(text(await real.read(client)), "answer");
  real.close(client, server);
});

Deno.test("DenoStream: a megabyte comes over byte for byte", async () => {
  const real = new RealReactor();
  const [client, server] = await real.pair();
  const sent = Uint8Array.from({ length: 1 << 20 }, (_, i) => i * 31 >> 3);
  const got = new Uint8Array(sent.length);
  for (let from = 0, to = 0; to < sent.length;) {
    const taken = client.tryWrite(sent.subarray(from));
    if (taken !== WouldBlock) from += taken;
    to += await real.until(server, READABLE, () => server.tryRead(got.subarray(to)));
  }
  assert(got.every((byte, i) => byte === sent[i]));
  real.close(client, server);
});

Deno.test("DenoStream: a peer that does not read holds the writer back, and costs no more", async () => {
  const real = new RealReactor();
  const [client, server] = await real.pair();
  const chunk = new Uint8Array(1 << 20);
  let taken = 0;
  for (let idle = 0; idle < 3;) {
    const n = client.tryWrite(chunk);
    if (n !== WouldBlock) taken += n;
    real.reactor.setWaker(client.token, WRITABLE, countingWaker().waker);
    idle = await real.reactor.wait(10) === 0 ? idle + 1 : 0;
    assert(taken < 64 << 20, "it never blocks");
  }
  assertStrictEquals(client.tryWrite(chunk), WouldBlock);
  assertStrictEquals(client.tryFlush(), WouldBlock);
  real.close(server, client);
});

Deno.test("DenoStream: what was written before the close still arrives", async () => {
  const real = new RealReactor();
  const [client, server] = await real.pair();
  const size = client.tryWrite(new Uint8Array(50_000));
  client.close();
  assertEquals(await real.readAll(server), size);
  real.close(server);
});

Deno.test("DenoStream: the peer sees the end although a read was in flight at the close", async () => {
  const real = new RealReactor();
  const [client, server] = await real.pair();
  client.tryRead(new Uint8Array(10));
  await real.reactor.wait(1);
  client.close();
  assertEquals(await real.readAll(server), 0);
  real.close(server);
});

Deno.test("DenoStream: a write after the peer has gone fails in words, with the peer's name", async () => {
  const real = new RealReactor();
  const [client, server] = await real.pair();
  server.close();
  const writing = async () => {
    for (let i = 0; i < 100; i++) await real.write(client, new Uint8Array(1000));
  };
  const error = await assertRejects(writing, IoError, "write to 127.0.0.1:");
  assert(error.kind === "broken-pipe" || error.kind === "connection-reset", error.kind);
  real.close(client);
});
