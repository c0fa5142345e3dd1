/**
 * The runtime's errors, sorted by whose fault they are.
 *
 * Each has a stable `code`; the message is for people and may change.
 */

/** What every error of wakeful has in common: a stable code beside its message. */
export abstract class WakefulError extends Error {
  abstract readonly code: string;
  override get name(): string {
    return this.constructor.name;
  }
}

/**
 * A use of the runtime that can never be right, such as polling a finished future. It is a bug
 * in the calling program; catching it helps nobody.
 */
export class Misuse extends WakefulError {
  readonly code = "MISUSE";
}

/** A future was polled after it had given its value. */
export class PolledAfterReady extends Misuse {
  constructor(what = "the future") {
    super(`Cannot poll ${what} again: it has already given its value; make a new one`);
  }
}

/** A future was polled from inside its own poll. */
export class PolledReentrantly extends Misuse {
  constructor(what = "the future") {
    super(
      `Cannot poll ${what} from inside its own poll: wake the waker and return Pending instead`,
    );
  }
}

/**
 * A coroutine awaited something while it was being dropped, unshielded; or it swallowed the cancel
 * and went on, as a loop does that is continued from its finally block.
 */
export class YieldedInCleanup extends Misuse {
  constructor() {
    super(
      "Cannot go on waiting after a cancel: a finally block must finish at once, or wait inside " +
        "yield* shielded(limit, body); if it is no finally block, something swallowed the cancel",
    );
  }
}

/** A coroutine returned what a `try` method answers when there is nothing yet. */
export class ReturnedPending extends Misuse {
  constructor() {
    super(
      "Cannot end with Pending as a value: wait with yield* instead of returning what a try said",
    );
  }
}

/** A coroutine used a plain `yield`, or yielded a promise. */
export class YieldedValue extends Misuse {
  constructor(value: unknown) {
    const what = value instanceof Promise
      ? "a promise"
      : typeof value === "object" && value !== null
      ? `a ${value.constructor?.name}`
      : String(value);
    super(
      `Cannot wait for ${what} with a plain yield: write yield* with a future, ` +
        "and wrap a promise as yield* fromPromise(promise)",
    );
  }
}

/** Something that needs a running task was called outside of one. */
export class OutsideRuntime extends Misuse {
  constructor() {
    super(
      "Cannot do this outside a task: call it from a coroutine that runs under blockOn() or " +
        "spawn(), or go through a runtime's handle()",
    );
  }
}

/** A blocking call was made from inside a task, where it would stop every other task. */
export class BlockedInsideTask extends Misuse {
  constructor(call: string) {
    super(`Cannot call ${call} inside a task: it would never return; use yield* instead`);
  }
}

/** The runtime was built without the part that this operation needs. */
export class MissingDriver extends Misuse {
  constructor(readonly part: "time" | "io") {
    const method = part === "time" ? "enableTime" : "enableIo";
    super(`This runtime has no ${part} driver: build it with Runtime.builder().${method}()`);
  }
}

/** A connection was to change threads, which only those of the epoll driver can. */
export class NoDescriptors extends Misuse {
  constructor() {
    super(
      "Cannot hand a connection to another thread on this driver: use epollDriver() on both, or " +
        "listen with reusePort on each thread",
    );
  }
}

/** The chosen driver does not run here: the platform or a permission is missing. */
export class DriverUnavailable extends WakefulError {
  readonly code = "DRIVER_UNAVAILABLE";
  constructor(readonly driver: string, why: string) {
    super(`Cannot use the ${driver} driver: ${why}; the deno driver works everywhere`);
  }
}

/** An environment variable holds something that nobody understands. */
export class InvalidVariable extends WakefulError {
  readonly code = "INVALID_VARIABLE";
  constructor(readonly variable: string, readonly value: string, expected: string) {
    super(`${variable}=${JSON.stringify(value)}: expected ${expected}`);
  }
}

/** The task was ended from outside before it had a value. */
export class Cancelled extends WakefulError {
  readonly code = "CANCELLED";
  constructor(readonly reason: string) {
    super(`The task was cancelled: ${reason}`);
  }
}

/** Time ran out before the operation had a value. */
export class TimedOut extends WakefulError {
  readonly code = "TIMED_OUT";
  readonly #by: object | undefined;

  /**
   * @param what what took too long, where that is known
   * @param by see {@link by}
   */
  constructor(readonly milliseconds: number, readonly what?: string, by?: object) {
    super(
      `Timed out after ${milliseconds} ms${what === undefined ? "" : ` of waiting for ${what}`}`,
    );
    this.#by = by;
  }

  /** The future that `timeout()` returned, if it was one: it tells nested limits apart. */
  get by(): object | undefined {
    return this.#by;
  }
}

/** You closed it: the stream, listener, semaphore or runtime this operation needs is no more. */
export class Closed extends WakefulError {
  readonly code = "CLOSED";
  constructor(what: string) {
    super(`Cannot go on: ${what} is closed`);
  }
}

/** Every receiver is gone; the value that could not be sent is given back. */
export class SendFailed<T = unknown> extends Closed {
  constructor(what: string, readonly value: T) {
    super(what);
  }
}

/** There is no room for the value now, and this call does not wait; the value is given back. */
export class Full<T = unknown> extends WakefulError {
  readonly code = "FULL";
  constructor(what: string, readonly value: T) {
    super(`Cannot add to ${what}: it is full; wait for room with yield* send()`);
  }
}

/** The receiver was slower than the senders, and the oldest values had to make room for others. */
export class Lagged extends WakefulError {
  readonly code = "LAGGED";
  /** @param missed how many values are lost */
  constructor(readonly missed: number) {
    super(`The receiver was too slow and missed ${missed} values; go on with what is still kept`);
  }
}

/** Two tasks want the same half of the same resource at the same time. */
export class Busy extends WakefulError {
  readonly code = "BUSY";
  constructor(what: string) {
    super(`Cannot start ${what}: another one is waiting already, and only one can at a time`);
  }
}

/** The stream ended before the operation had all the bytes it was asked for. */
export class UnexpectedEof extends WakefulError {
  readonly code = "UNEXPECTED_EOF";
  constructor(readonly wanted: number, readonly got: number) {
    super(`The stream ended after ${got} of ${wanted} bytes`);
  }
}

/** More bytes came than the operation was willing to keep. */
export class TooLong extends WakefulError {
  readonly code = "TOO_LONG";
  /** @param limit how many bytes it may have had */
  constructor(what: string, readonly limit: number) {
    super(`Cannot take ${what}: it is longer than ${limit} bytes; skip it, or allow more`);
  }
}

/** Something cannot go to another thread: what, where in the arguments, and why. */
export class NotPortable extends WakefulError {
  readonly code = "NOT_PORTABLE";
  /** @param where the place of the offending part, as one would write it: `arguments[0].on.click` */
  constructor(readonly where: string, why: string) {
    super(`Cannot take ${where} to another thread: ${why}`);
  }
}

/** The thread that ran the task has ended, and the task with it. */
export class ThreadDied extends WakefulError {
  readonly code = "THREAD_DIED";
  constructor(thread: string, why: string, options?: ErrorOptions) {
    super(`The task was lost: ${thread} ended ${why}`, options);
  }
}

/** A task on another thread threw this; its name and stack are those of the error over there. */
export class RemoteError extends WakefulError {
  readonly code: string;
  constructor(
    readonly remoteName: string,
    message: string,
    code = "REMOTE",
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.code = code;
  }
  override get name(): string {
    return this.remoteName;
  }
}

/** Bytes that were to be text are not valid UTF-8. */
export class InvalidText extends WakefulError {
  readonly code = "INVALID_TEXT";
  constructor(what: string) {
    super(`Cannot read ${what} as text: it is not valid UTF-8`);
  }
}

/** What went wrong outside, in words that are the same under every driver. */
export type IoErrorKind =
  | "address-in-use"
  | "address-not-available"
  | "broken-pipe"
  | "connection-aborted"
  | "connection-refused"
  | "connection-reset"
  | "host-not-found"
  | "message-too-long"
  | "not-found"
  | "permission-denied"
  | "timed-out"
  | "tls-failed"
  | "too-many-open-files"
  | "unreachable"
  | "other";

/** The outside world failed: the peer, the network, the file system or a permission. */
export class IoError extends WakefulError {
  readonly code = "IO";
  constructor(readonly kind: IoErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}
