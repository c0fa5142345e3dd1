/**
 * A client's handshake, twice: as an explicit state machine on the raw reactor, and as the coroutine
 * that is the same thing. Any echo server will do.
 *
 *   terminal 1:  deno run --allow-net examples/async_without_async.ts 8080
 *   terminal 2:  deno run --allow-net examples/handshake.ts 8080
 *
 * Terminal 2 prints the states that the machine goes through, then what the coroutine answers. With
 * --driver epoll at the end, and --allow-ffi, both use the other driver.
 */

import {
  type Co,
  denoDriver,
  type Driver,
  epollDriver,
  type Interest,
  noopWaker,
  Reactor,
  READABLE,
  Runtime,
  type Source,
  type StreamSource,
  UnexpectedEof,
  WouldBlock,
  WRITABLE,
} from "wakeful/runtime";
import { type Stream, TcpStream } from "wakeful/net";

const HIGHEST_PORT = 65_535;
const LIMIT_MS = 5_000;
const HELLO = new TextEncoder().encode("HELLO\n");
/** An echo server acknowledges by saying the same. */
const ACK = HELLO;

export type State = "Initiated" | "SentHandshake" | "AwaitingAck" | "Connected";

/** The handshake as an explicit state machine: what it has to remember lies in fields. */
export class HandshakeMachine {
  state: State = "Initiated";
  #stream: StreamSource;
  #unsent = HELLO.subarray();
  #received = new Uint8Array(ACK.length);
  #count = 0;

  constructor(stream: StreamSource) {
    this.#stream = stream;
  }

  /**
   * Goes on as far as it can; answers what to wait for, and nothing once it is connected.
   *
   * @throws {UnexpectedEof} when the peer has finished before its answer was complete
   * @throws {TypeError} when the answer is no ACK
   */
  advance(): Interest | undefined {
    while (this.state !== "Connected") {
      const blocked = this.#step();
      if (blocked !== undefined) return blocked;
    }
  }

  /** One attempt in the present state: it goes over to the next, or something has to be waited for. */
  #step(): Interest | undefined {
    switch (this.state) {
      case "Initiated": {
        const n = this.#stream.tryWrite(this.#unsent);
        if (n === WouldBlock) return WRITABLE;
        this.#unsent = this.#unsent.subarray(n);
        if (this.#unsent.length === 0) this.state = "SentHandshake";
        return;
      }
      case "SentHandshake":
        if (this.#stream.tryFlush() === WouldBlock) return WRITABLE;
        this.state = "AwaitingAck";
        return;
      case "AwaitingAck": {
        const n = this.#stream.tryRead(this.#received.subarray(this.#count));
        if (n === WouldBlock) return READABLE;
        if (n === 0) throw new UnexpectedEof(ACK.length, this.#count);
        this.#count += n;
        if (this.#count === ACK.length) this.state = acknowledged(this.#received);
      }
    }
  }
}

/** The same as a coroutine: its states are the places where it waits, its fields are variables. */
export function* handshake(stream: Stream): Co<State> {
  yield* stream.writeAll(HELLO);
  yield* stream.flush();
  const received = new Uint8Array(ACK.length);
  yield* stream.readExact(received);
  return acknowledged(received);
}

function acknowledged(received: Uint8Array): State {
  if (received.some((byte, i) => byte !== ACK[i])) throw new TypeError("the answer is no ACK");
  return "Connected";
}

async function byMachine(port: number, driver: Driver): Promise<State[]> {
  const reactor = new Reactor(driver);
  const attempt = reactor.connect({ transport: "tcp", host: "127.0.0.1", port });
  const wait = (source: Source, interest: Interest) => {
    reactor.setWaker(source.token, interest, noopWaker());
    return reactor.wait(LIMIT_MS);
  };
  const open: Source[] = [attempt];
  try {
    let stream = attempt.tryConnect();
    for (; stream === WouldBlock; stream = attempt.tryConnect()) await wait(attempt, WRITABLE);
    open.push(stream);
    const machine = new HandshakeMachine(stream);
    const states = [machine.state];
    for (let blocked = machine.advance(); blocked; blocked = machine.advance()) {
      states.push(machine.state);
      await wait(stream, blocked);
    }
    return [...states, machine.state];
  } finally {
    for (const source of open) source.close();
    await reactor.close();
  }
}

async function byCoroutine(port: number, driver: () => Driver): Promise<State> {
  await using runtime = Runtime.builder().driver(driver).enableIo().build();
  return await runtime.blockOn(function* () {
    using stream = yield* TcpStream.connect({ port });
    return yield* handshake(stream);
  });
}

if (import.meta.main) {
  const [text, flag, name, ...more] = Deno.args;
  const port = Number(text);
  const bad = flag !== undefined && (flag !== "--driver" || !/^(deno|epoll)$/.test(name ?? ""));
  if (!/^\d+$/.test(text ?? "") || port > HIGHEST_PORT || bad || more.length > 0) {
    console.error(`handshake: expected a port and perhaps --driver, got "${Deno.args.join(" ")}"`);
    Deno.exit(2);
  }
  const driver = name === "epoll" ? epollDriver : denoDriver;
  try {
    console.log(`state machine: ${(await byMachine(port, driver())).join(", ")}`);
    console.log(`coroutine: ${await byCoroutine(port, driver)}`);
  } catch (error) {
    console.error(`handshake: ${(error as Error).message}`);
    Deno.exit(1);
  }
}
