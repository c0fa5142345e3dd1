import { currentLoop, type Loop } from "../core/context.ts";
import { Closed, Full } from "../core/errors.ts";
import type { Co, Future } from "../core/future.ts";
import { End, Pending } from "../core/poll.ts";
import { mpsc } from "../sync/channel/mpsc.ts";
import type { Receiver } from "../sync/channel/mpsc_receiver.ts";
import type { Sender } from "../sync/channel/mpsc_sender.ts";
import { oneshot, type OneshotSender } from "../sync/channel/oneshot.ts";
import { type Waiters, WaitUntil } from "../sync/channel/wait_until.ts";
import { WaitList } from "../sync/wait_list.ts";
import type { JoinHandle } from "../task/join_handle.ts";
import { spawnOn } from "../task/spawn.ts";
import { type Ended, valueOf } from "../task/task.ts";
import type { Contents, Message, Method, Reply } from "./message.ts";
import { type Answer, settle } from "./settle.ts";

/** How many messages wait in a mailbox before those who send have to wait, too. */
const DEFAULT_CAPACITY = 64;

export interface ActorOptions {
  /** Names it in errors and reports; the default is "actor". */
  readonly name?: string;
  /** How many messages may wait in its mailbox; 64 by default. */
  readonly capacity?: number;
  /** Which errors of its methods end it; none by default. */
  isFatal?(error: unknown): boolean;
}

/** A message on its way, and where the answer goes if somebody waits for it. */
interface Letter {
  call(): Answer<unknown>;
  readonly reply?: OneshotSender<Ended<unknown>>;
}

/**
 * The address of an object that is reached by messages only: what {@link actor} returns.
 *
 * Whoever has the address may send; the object handles one message after the other, in the order
 * of their arrival.
 */
export class Actor<B extends object> {
  readonly name: string;
  #behaviour: B;
  #isFatal: (error: unknown) => boolean;
  #mailbox: Sender<Letter>;
  #inbox: Receiver<Letter>;
  #loop: Loop = currentLoop();
  #task: JoinHandle<void>;
  #ended: Ended<void> | undefined;
  #watching: Waiters = new WaitList();

  constructor(behaviour: B, options: ActorOptions = {}) {
    this.name = options.name ?? "actor";
    this.#behaviour = behaviour;
    this.#isFatal = (error) => options.isFatal?.(error) ?? false;
    [this.#mailbox, this.#inbox] = mpsc<Letter>(options.capacity ?? DEFAULT_CAPACITY);
    const onEnd = (ended: Ended<void>) => this.#end(ended);
    this.#task = spawnOn(this.#loop, () => this.#live(), { name: this.name, onEnd });
  }

  /** How many messages wait in the mailbox. */
  get length(): number {
    return this.#mailbox.length;
  }

  /** Whether it takes no more messages; those in its mailbox may still be handled. */
  get isClosed(): boolean {
    return this.#mailbox.isClosed;
  }

  /**
   * Sends a message and waits for the answer. An error of the method is thrown here, and the actor
   * lives on. An actor that asks itself, or another that asks it in turn, waits for ever.
   *
   * Cancel safety: dropped while it waits for room, nothing was sent; after that the message is
   * handled nevertheless, and an error that nobody waits for is reported.
   *
   * @throws {Closed} when the actor has ended, or does before it answers
   * @throws whatever the method throws
   */
  *ask<M extends Message<B>>(message: M, ...contents: Contents<B, M>): Co<Reply<B, M>> {
    const [reply, answer] = oneshot<Ended<unknown>>();
    yield* this.#send({ ...this.#letter(message, contents), reply });
    return valueOf(yield* answer) as Reply<B, M>;
  }

  /**
   * Sends a message, as soon as there is room, and waits for no answer. An error of the method is
   * reported as one that nobody has asked for.
   *
   * Cancel safety: safe; dropped, it has sent nothing.
   *
   * @throws {Closed} when the actor has ended, or does before there is room
   */
  *tell<M extends Message<B>>(message: M, ...contents: Contents<B, M>): Co<void> {
    yield* this.#send(this.#letter(message, contents));
  }

  /**
   * Sends a message if that is possible without waiting; otherwise as {@link tell}.
   *
   * @throws {Full} with the message and its contents, when there is no room
   * @throws {Closed} when the actor has ended
   */
  tryTell<M extends Message<B>>(message: M, ...contents: Contents<B, M>): void {
    try {
      this.#mailbox.trySend(this.#letter(message, contents));
    } catch (error) {
      if (!(error instanceof Full)) throw this.#gone();
      throw new Full(`the mailbox of ${this.name}`, [message, ...contents]);
    }
  }

  /** Takes no more messages. Those in the mailbox, and those that wait for room, are handled. */
  stop(): void {
    this.#mailbox.close();
  }

  /** Ends it at once: what it is handling is dropped, and so is what is in its mailbox. */
  abort(reason = "its actor was aborted"): void {
    this.#inbox.close();
    this.#task.abort(reason);
  }

  /**
   * Waits until it has ended, whoever stopped or aborted it; what is shielded in it included.
   *
   * Cancel safety: safe.
   *
   * @throws the error that was fatal to it, if one was
   */
  ended(): Future<void> {
    return new WaitUntil(this.#watching, "an actor's ended()", () => {
      if (this.#ended === undefined) return Pending;
      if (this.#ended.how === "error") throw this.#ended.error;
    });
  }

  [Symbol.dispose](): void {
    this.abort("its actor was disposed of");
  }

  #letter<M extends Message<B>>(message: M, contents: Contents<B, M>): Letter {
    const behaviour = this.#behaviour;
    return { call: () => (behaviour[message] as Method<unknown[]>).apply(behaviour, contents) };
  }

  *#send(letter: Letter): Co<void> {
    try {
      yield* this.#mailbox.send(letter);
    } catch (error) {
      throw error instanceof Closed ? this.#gone() : error;
    }
  }

  *#live(): Co<void> {
    const inbox = this.#inbox;
    for (let next = yield* inbox.recv(); next !== End; next = yield* inbox.recv()) {
      const ended = yield* this.#handle(next);
      if (ended.how === "error" && this.#isFatal(ended.error)) throw ended.error;
    }
  }

  *#handle(letter: Letter): Co<Ended<unknown>> {
    let ended: Ended<unknown> | undefined;
    try {
      ended = yield* outcomeOf(letter.call);
      this.#answer(letter, ended);
      return ended;
    } finally {
      if (ended === undefined) this.#refuse(letter); // it was aborted meanwhile
    }
  }

  #answer({ reply }: Letter, ended: Ended<unknown>): void {
    if (reply !== undefined && !reply.isClosed) reply.send(ended);
    else if (ended.how === "error") {
      this.#loop.orphan({ name: this.name, error: ended.error, claimed: false });
    }
  }

  /** Nobody who asked may wait for ever. */
  #end(ended: Ended<void>): void {
    this.#ended = ended;
    this.#inbox.close();
    for (let next = this.#inbox.tryRecv(); isLetter(next); next = this.#inbox.tryRecv()) {
      this.#refuse(next);
    }
    this.#watching.notifyAll();
  }

  #refuse({ reply }: Letter): void {
    if (reply?.isClosed === false) reply.send({ how: "error", error: this.#gone() });
  }

  #gone(): Closed {
    return new Closed(`the actor "${this.name}"`);
  }
}

function isLetter(item: Letter | typeof End | typeof Pending): item is Letter {
  return item !== End && item !== Pending;
}

function* outcomeOf(call: () => Answer<unknown>): Co<Ended<unknown>> {
  try {
    return { how: "value", value: yield* settle(call()) };
  } catch (error) {
    return { how: "error", error };
  }
}

/**
 * Gives an object a task and a mailbox of its own. From now on it is reached through its address
 * only: its methods are the messages it understands, and what they return is the answer.
 *
 * One message is handled at a time, to its end, also when the method is a coroutine and waits
 * meanwhile. So its state needs no lock, as long as nobody keeps a way around the address.
 *
 * Its life is a task's: it ends when it is stopped or aborted, by a fatal error, or with the
 * runtime. To have it restarted, let a supervised child start it and wait for `ended()`.
 *
 * @throws {OutsideRuntime} when no task is running
 * @throws {RangeError} when the capacity is neither a whole number from 1 up nor `Infinity`
 *
 * @example An account
 * ```ts
 * import { actor, blockOn } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * class Account {
 *   #balance = 0;
 *   deposit(amount: number): number {
 *     return this.#balance += amount;
 *   }
 *   withdraw(amount: number): number {
 *     if (amount > this.#balance) throw new RangeError(`there is only ${this.#balance}`);
 *     return this.#balance -= amount;
 *   }
 * }
 *
 * const seen = await blockOn(function* () {
 *   using account = actor(new Account());
 *   yield* account.tell("deposit", 100);
 *   try {
 *     yield* account.ask("withdraw", 500);
 *   } catch (error) {
 *     return [String(error), yield* account.ask("withdraw", 40)];
 *   }
 * });
 * assertEquals(seen, ["RangeError: there is only 100", 60]);
 * ```
 */
export function actor<B extends object>(behaviour: B, options?: ActorOptions): Actor<B> {
  return new Actor(behaviour, options);
}
