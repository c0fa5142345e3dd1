import { type Context, currentContext } from "../core/context.ts";
import { Busy, PolledAfterReady } from "../core/errors.ts";
import { Future } from "../core/future.ts";
import { type Io, READABLE, type SignalName, type SignalSource, WouldBlock } from "../core/io.ts";
import { Pending, type Poll } from "../core/poll.ts";

/**
 * Deliveries of one signal to this process.
 *
 * While it is open, the signal does not end the process. Deliveries that come while nobody waits
 * are counted and received later.
 *
 * Cancel safety: a dropped `receive` loses no delivery.
 *
 * @example Receive a signal
 * ```ts
 * import { blockOn, Signal } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const received = await blockOn(function* () {
 *   using hangup = new Signal("SIGHUP");
 *   Deno.kill(Deno.pid, "SIGHUP");
 *   yield* hangup.receive();
 *   return hangup.name;
 * });
 * assertEquals(received, "SIGHUP");
 * ```
 */
export class Signal {
  #io: Io;
  #source: SignalSource;
  #turn: Turn = { waiting: undefined };

  /**
   * @throws {OutsideRuntime} when no task is running
   * @throws {MissingDriver} when the runtime was built without I/O
   */
  constructor(readonly name: SignalName) {
    this.#io = currentContext().loop.io;
    this.#source = this.#io.signal(name);
  }

  /**
   * Waits for the next delivery.
   *
   * Cancel safety: safe; a delivery that nobody received is still to come.
   *
   * @throws {Busy} when another task waits on the same object
   * @throws {Closed} when it was closed
   */
  receive(): Future<void> {
    return new Receive(this.#io, this.#source, this.#turn);
  }

  /** Stops listening: the signal has its ordinary effect again. */
  close(): void {
    this.#source.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** Who waits for a signal, for there can be only one. */
interface Turn {
  waiting: Receive | undefined;
}

class Receive extends Future<void> {
  #io: Io;
  #source: SignalSource;
  #turn: Turn;
  #spent = false;

  constructor(io: Io, source: SignalSource, turn: Turn) {
    super();
    this.#io = io;
    this.#source = source;
    this.#turn = turn;
  }

  poll(cx: Context): Poll<void> {
    if (this.#spent) throw new PolledAfterReady("receive()");
    const turn = this.#turn;
    if (turn.waiting !== undefined && turn.waiting !== this) throw new Busy("a receive");
    if (this.#source.tryReceive() === WouldBlock) {
      turn.waiting = this;
      this.#io.setWaker(this.#source.token, READABLE, cx.waker);
      return Pending;
    }
    turn.waiting = undefined;
    this.#spent = true;
  }

  override drop(): void {
    if (this.#turn.waiting === this) this.#turn.waiting = undefined;
  }
}

/** Waits for one delivery and listens only so long. */
class Once extends Future<void> {
  #name: SignalName;
  #source: SignalSource | undefined;
  #receive: Receive | undefined;

  constructor(name: SignalName) {
    super();
    this.#name = name;
  }

  poll(cx: Context): Poll<void> {
    const { io } = cx.loop;
    this.#source ??= io.signal(this.#name);
    this.#receive ??= new Receive(io, this.#source, { waiting: undefined });
    if (this.#receive.poll(cx) === Pending) return Pending;
    this.#source.close();
  }

  override drop(): void {
    this.#source?.close();
  }
}

/**
 * Waits for Ctrl-C (SIGINT) once, listening from the first poll to the end of the wait.
 *
 * Cancel safety: not safe between two waits; a signal that comes then has its ordinary effect. A
 * {@link Signal} keeps what comes.
 */
export function ctrlC(): Future<void> {
  return new Once("SIGINT");
}

/**
 * Waits for SIGTERM once, listening from the first poll to the end of the wait.
 *
 * Cancel safety: not safe between two waits; a signal that comes then has its ordinary effect. A
 * {@link Signal} keeps what comes.
 */
export function terminate(): Future<void> {
  return new Once("SIGTERM");
}
