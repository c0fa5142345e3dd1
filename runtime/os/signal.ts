import { type Context, currentContext } from "../core/context.ts";
import { PolledAfterReady } from "../core/errors.ts";
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

  /**
   * @throws {OutsideRuntime} when no task is running
   * @throws {MissingDriver} when the runtime was built without I/O
   */
  constructor(readonly name: SignalName) {
    this.#io = currentContext().loop.io;
    this.#source = this.#io.signal(name);
  }

  /** Waits for the next delivery. */
  receive(): Future<void> {
    return new Receive(this.#io, this.#source);
  }

  /** Stops listening: the signal has its ordinary effect again. */
  close(): void {
    this.#source.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

class Receive extends Future<void> {
  #io: Io;
  #source: SignalSource;
  #spent = false;

  constructor(io: Io, source: SignalSource) {
    super();
    this.#io = io;
    this.#source = source;
  }

  poll(cx: Context): Poll<void> {
    if (this.#spent) throw new PolledAfterReady("receive()");
    if (this.#source.tryReceive() === WouldBlock) {
      this.#io.setWaker(this.#source.token, READABLE, cx.waker);
      return Pending;
    }
    this.#spent = true;
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
    this.#receive ??= new Receive(io, this.#source);
    if (this.#receive.poll(cx) === Pending) return Pending;
    this.#source.close();
  }

  override drop(): void {
    this.#source?.close();
  }
}

/** Waits for Ctrl-C (SIGINT) once, listening from the first poll to the end of the wait. */
export function ctrlC(): Future<void> {
  return new Once("SIGINT");
}

/** Waits for SIGTERM once, listening from the first poll to the end of the wait. */
export function terminate(): Future<void> {
  return new Once("SIGTERM");
}
