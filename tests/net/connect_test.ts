import {
  type Address,
  type ConnectSource,
  type Io,
  IoError,
  PolledAfterReady,
  type Reactor,
  type StreamSource,
  type Tried,
  WouldBlock,
  WRITABLE,
} from "wakeful/runtime";
import { TcpStream } from "wakeful/net";
import { assert, assertEquals, assertStrictEquals, assertThrows } from "../support/assert.ts";
import { FakeLoop } from "../support/fake_loop.ts";
import { handPoll } from "../support/hand_poll.ts";
import { memoryPair, type MemoryStream } from "../support/memory_net.ts";
import { Connect } from "../../net/connect.ts";

/** A connection attempt that succeeds or fails when the test says so. */
class FakeConnect implements ConnectSource {
  readonly token;
  closed = false;
  #outcome: Tried<MemoryStream> | IoError = WouldBlock;

  constructor(readonly address: Address, readonly reactor: Reactor) {
    this.token = reactor.register();
  }

  settle(outcome: MemoryStream | IoError): void {
    this.#outcome = outcome;
    this.reactor.deliver(this.token, WRITABLE);
  }

  tryConnect(): Tried<StreamSource> {
    if (this.#outcome instanceof IoError) throw this.#outcome;
    return this.#outcome;
  }

  close(): void {
    this.closed = true;
    this.reactor.deregister(this.token);
  }
}

const THERE: Address = { transport: "tcp", host: "127.0.0.1", port: 7 };

/** One connect, polled by hand, over attempts in the test's hands. */
function connecting() {
  const loop = new FakeLoop();
  const attempts: FakeConnect[] = [];
  loop.io.connect = (address) => {
    attempts.push(new FakeConnect(address, loop.io));
    return attempts[attempts.length - 1];
  };
  const wrap = (source: StreamSource, io: Io) => new TcpStream(source, io);
  const polled = handPoll(new Connect((io) => io.connect(THERE), wrap), loop);
  return { loop, attempts, polled };
}

Deno.test("connect: begins at the first poll, once", () => {
  const { attempts, polled } = connecting();
  assertEquals(attempts.length, 0);
  polled.assertPending();
  polled.assertPending();
  assertEquals(attempts.map(({ address }) => address), [THERE]);
});

Deno.test("connect: is woken by the connection and has its stream", () => {
  const { loop, attempts, polled } = connecting();
  polled.assertPending();
  const [here] = memoryPair(loop.io);
  attempts[0].settle(here);
  assert(polled.woken);
  assertStrictEquals(polled.take().localAddr, here.localAddr);
  assertThrows(() => polled.poll(), PolledAfterReady, "a connect");
});

Deno.test("connect: a failed one throws why, closes its source and is over", () => {
  const { loop, attempts, polled } = connecting();
  polled.assertPending();
  attempts[0].settle(new IoError("connection-refused", "connect: refused"));
  assert(polled.woken);
  assertThrows(() => polled.poll(), IoError, "refused");
  assertEquals([attempts[0].closed, loop.io.size], [true, 0]);
  assertThrows(() => polled.poll(), PolledAfterReady);
});

Deno.test("connect: dropped, it closes its source and is over", () => {
  const { loop, attempts, polled } = connecting();
  polled.assertPending();
  polled.drop();
  assertEquals([attempts[0].closed, loop.io.size, polled.kept], [true, 0, 0]);
  assertThrows(() => polled.poll(), PolledAfterReady);
});

Deno.test("connect: dropped before the first poll, it never begins", () => {
  const { attempts, polled } = connecting();
  polled.drop();
  assertThrows(() => polled.poll(), PolledAfterReady);
  assertEquals(attempts, []);
});
