/**
 * Lesson 11, reading and writing bytes: polls beneath futures beneath loops.
 *
 * Read on in net/bytes: async_read.ts and async_write.ts are the common face, copy.ts is the loop
 * that joins the two. A socket's own reads are in net/read_half.ts.
 */

import { blockOn, type Co, pollFn, scope, spawn } from "wakeful/runtime";
import { AsyncWrite, copy, duplex, TcpListener, TcpStream } from "wakeful/net";
import { byHand, runTest } from "wakeful/testing";
import { assert, assertEquals, assertGreater } from "../support/assert.ts";
import { show } from "./show.ts";

/** Bytes that tell a mistake apart: no run of them comes twice. */
const pattern = (length: number) =>
  Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) % 251);

Deno.test("lesson 11.1 · pollRead: Pending keeps the waker, bytes wake it, the next poll has them", () => {
  const [client, server] = duplex();
  const into = new Uint8Array(16);
  const reading = byHand(pollFn((cx) => server.pollRead(cx, into)));
  reading.assertPending();
  assertEquals([reading.wasWoken(), reading.wakersKept], [false, 1]);
  byHand(client.write(new Uint8Array([1, 2, 3]))).assertReady();
  assertEquals(reading.wakes, 1);
  assertEquals(reading.assertReady(), 3);
  assertEquals(into.subarray(0, 3), new Uint8Array([1, 2, 3]));
});

Deno.test("lesson 11.1 · pollWrite takes what there is room for, then it is Pending", () => {
  const [client, server] = duplex(4);
  const writing = (n: number) => byHand(pollFn((cx) => client.pollWrite(cx, new Uint8Array(n))));
  assertEquals(writing(6).assertReady(), 4); // a short write is no error
  const second = writing(2);
  second.assertPending();
  assertEquals(byHand(server.read(new Uint8Array(3))).assertReady(), 3);
  assertEquals(second.wakes, 1);
  assertEquals(second.assertReady(), 2);
});

/** Takes 1, 3, 5, 7, 1, … bytes at a time, whatever it is offered. */
class OddWriter extends AsyncWrite {
  readonly taken: number[] = [];
  readonly counts: number[] = [];

  pollWrite(_cx: unknown, from: Uint8Array): number {
    const n = Math.min(from.length, 1 + 2 * (this.counts.length % 4));
    this.counts.push(n);
    this.taken.push(...from.subarray(0, n));
    return n;
  }
  pollFlush(): void {}
  pollShutdown(): void {}
}

Deno.test("lesson 11.2 · writeAll goes on until 10 KB are written, in whatever pieces they are taken", async () => {
  const bytes = pattern(10 * 1024);
  const writer = new OddWriter();
  await runTest(() => writer.writeAll(bytes));
  assertEquals(writer.counts.slice(0, 6), [1, 3, 5, 7, 1, 3]);
  assertEquals(writer.counts.length, 10 * 1024 / 16 * 4);
  assert(bytes.every((byte, i) => byte === writer.taken[i]));
  assertEquals(writer.taken.length, bytes.length);
});

Deno.test("lesson 11.2 · readExact goes on until 10 KB are there, through a pipe that holds 13", async () => {
  const bytes = pattern(10 * 1024), received = new Uint8Array(bytes.length);
  await runTest(function* () {
    const [client, server] = duplex(13);
    const writer = spawn(() => client.writeAll(bytes));
    yield* server.readExact(received);
    yield* writer;
  });
  assertEquals(received, bytes);
});

/** All there is to an echo server, once there is `copy`. */
function* echo(client: TcpStream): Co<void> {
  using _closed = client;
  const { reader, writer } = client.split();
  yield* copy(reader, writer);
  yield* writer.shutdown();
}

/** Accepts one client and lets `serve` serve it. */
function* serveOne(listener: TcpListener, serve: (client: TcpStream) => Co<void>) {
  yield* serve(yield* listener.accept());
}

Deno.test("lesson 11.3 · an echo server is a copy from a connection to itself", async () => {
  const bytes = pattern(10 * 1024), received = new Uint8Array(bytes.length);
  const atTheEnd = await blockOn(() =>
    scope(function* (s) {
      using listener = yield* TcpListener.bind({ port: 0 });
      s.spawn(() => serveOne(listener, echo));
      using stream = yield* TcpStream.connect(listener.localAddr);
      s.spawn(function* () {
        yield* stream.writeAll(bytes);
        yield* stream.shutdown();
      });
      yield* stream.readExact(received);
      return yield* stream.read(new Uint8Array(1));
    })
  );
  assertEquals(received, bytes);
  assertEquals(atTheEnd, 0);
});

const MIB = 1024 * 1024;
const LOAD_BYTES = 8 * MIB;

async function sendLoad(conn: Deno.TcpConn): Promise<void> {
  const load = new Uint8Array(LOAD_BYTES);
  for (let sent = 0; sent < load.length;) sent += await conn.write(load.subarray(sent));
  await conn.closeWrite();
}

/** Milliseconds for sending the load to an echo server and having it back, by Deno's own client. */
async function roundTrip(port: number): Promise<number> {
  using conn = await Deno.connect({ port });
  const begun = performance.now();
  const sent = sendLoad(conn);
  const buffer = new Uint8Array(64 * 1024);
  let received = 0;
  for (let n = await conn.read(buffer); n !== null; n = await conn.read(buffer)) received += n;
  await sent;
  assertEquals(received, LOAD_BYTES);
  return performance.now() - begun;
}

async function throughCopy(): Promise<number> {
  const bound = Promise.withResolvers<number>();
  const served = blockOn(function* () {
    using listener = yield* TcpListener.bind({ port: 0 });
    bound.resolve(listener.localAddr.port);
    yield* serveOne(listener, echo);
  });
  const time = await roundTrip(await bound.promise);
  await served;
  return time;
}

async function throughPipe(): Promise<number> {
  using listener = Deno.listen({ port: 0 });
  const served = listener.accept().then((conn) => conn.readable.pipeTo(conn.writable)); // closes it
  const time = await roundTrip(listener.addr.port);
  await served;
  return time;
}

Deno.test("lesson 11.4 · copy moves bytes about as fast as the platform's own pipe", async () => {
  const best = { copy: Infinity, pipe: Infinity };
  for (let round = 0; round < 3; round++) {
    best.copy = Math.min(best.copy, await throughCopy());
    best.pipe = Math.min(best.pipe, await throughPipe());
  }
  for (const [what, ms] of Object.entries(best)) {
    show(`${what}: ${Math.round(LOAD_BYTES / MIB / ms * 1_000)} MiB/s there and back`);
  }
  assertGreater(best.pipe / best.copy, 1 / 4); // room for a busy machine
});
