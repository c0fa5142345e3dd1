import {
  Closed,
  type Co,
  Coroutine,
  currentLoop,
  type Future,
  intoFuture,
  type Loop,
  Misuse,
  Notify,
  type Permit,
  race,
  Semaphore,
  sleep,
  timeout,
} from "../../runtime/mod.ts";
import { assertPoolOptions, type PoolOptions, type PoolStatistics } from "./options.ts";
import { Pooled } from "./pooled.ts";

/** A connection while the pool knows of it, and the moments that decide its end. */
interface Connection<T> {
  readonly value: T;
  readonly madeAt: number;
  idleSince: number;
}

/** A reaper looks no more often, however short the limits are. */
const SHORTEST_PERIOD_MS = 1;

/**
 * Connections that are made once and used again and again: a semaphore that says how many there
 * may be, and a stack of idle ones.
 *
 * `get` waits its turn, first come, first served, and takes the connection that was used last, so
 * that those which are not needed grow old; `reap`, or a task that runs `reaper`, closes them. A
 * connection is made when none is idle. It goes back at the end of its `using` block; one that
 * broke is thrown away with `discard`.
 *
 * It needs a runtime with time. What it pools is up to the options: it knows no socket.
 *
 * @example Two tasks, one connection
 * ```ts
 * import { blockOn, scope } from "wakeful/runtime";
 * import { duplex, Pool } from "wakeful/net";
 * import { assertEquals } from "@std/assert";
 *
 * await blockOn(function* () {
 *   using pool = new Pool({
 *     max: 1,
 *     connect: function* () {
 *       return duplex()[0];
 *     },
 *   });
 *   yield* scope(function* (s) {
 *     for (let i = 0; i < 2; i++) {
 *       s.spawn(function* () {
 *         using connection = yield* pool.get();
 *         yield* connection.value.writeAll(new Uint8Array([i]));
 *       });
 *     }
 *   });
 *   const { total, idle, created, gets } = pool.statistics();
 *   assertEquals({ total, idle, created, gets }, { total: 1, idle: 1, created: 1, gets: 2 });
 * });
 * ```
 */
export class Pool<T> {
  #options: PoolOptions<T>;
  #permits: Semaphore;
  /** The one used last at the end. */
  #idle: Connection<T>[] = [];
  #inUse = 0;
  #connecting = 0;
  #created = 0;
  #closedConnections = 0;
  #gets = 0;
  #waitMs = 0;
  /** Known from the first `get` on; before it there is no connection. */
  #loop: Loop | undefined;
  #closed = false;
  #closing = new Notify();

  /** @throws {RangeError} when `max` is not a whole number from 1 up, or a time not above 0 */
  constructor(options: PoolOptions<T>) {
    assertPoolOptions(options);
    this.#options = options;
    this.#permits = new Semaphore(options.max);
  }

  /**
   * Waits for a connection.
   *
   * Cancel safety: safe, but a dropped wait loses its place. Dropped while it connects, it gives
   * the attempt up; dropped while it checks a connection, it closes that, for nobody knows in what
   * state the check left it.
   *
   * @throws whatever `connect` throws
   * @throws {TimedOut} when `acquireTimeout` is over
   * @throws {Closed} when the pool is closed
   */
  get(): Future<Pooled<T>> {
    return new Coroutine(this.#get());
  }

  /** Closes what has been idle or alive for too long; answers how many that were. */
  reap(): number {
    const idle = this.#idle;
    this.#idle = idle.filter((connection) => !this.#isExpired(connection));
    const expired = idle.filter((connection) => this.#isExpired(connection));
    for (const connection of expired) this.#close(connection);
    return expired.length;
  }

  /**
   * Reaps until the pool is closed: to be spawned. It looks once in each `idleTimeout`, or
   * `maxLifetime` where that is shorter, so an idle connection lies at most twice as long.
   *
   * Cancel safety: safe; nobody reaps then.
   *
   * @throws {RangeError} when the pool has neither
   */
  *reaper(): Co<void> {
    const { idleTimeout = Infinity, maxLifetime = Infinity } = this.#options;
    const period = Math.max(Math.min(idleTimeout, maxLifetime), SHORTEST_PERIOD_MS);
    if (period === Infinity) throw new RangeError("Expected a pool with a time limit to reap by");
    while (!this.#closed) {
      yield* race(sleep(period), this.#closing.notified());
      this.reap();
    }
  }

  /** Its figures now. */
  statistics(): PoolStatistics {
    const idle = this.#idle.length;
    return {
      total: idle + this.#inUse + this.#connecting,
      idle,
      inUse: this.#inUse,
      connecting: this.#connecting,
      waiting: this.#permits.waiting,
      created: this.#created,
      closed: this.#closedConnections,
      gets: this.#gets,
      waitMs: this.#waitMs,
    };
  }

  /**
   * Closes the idle connections, and each of the others when it comes back. Ends every wait, now
   * and later, with `Closed`.
   */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#permits.close();
    this.#closing.notifyAll();
    for (const connection of this.#idle.splice(0)) this.#close(connection);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  *#get(): Co<Pooled<T>> {
    this.#loop ??= currentLoop();
    const { acquireTimeout } = this.#options;
    const pooled = acquireTimeout === undefined
      ? yield* this.#checkOut()
      : yield* timeout(acquireTimeout, this.#checkOut(), "a connection of the pool");
    this.#gets++;
    return pooled;
  }

  /** Whatever happens on the way, the permit is released or goes with the connection. */
  *#checkOut(): Co<Pooled<T>> {
    const permit = yield* this.#acquire();
    let pooled: Pooled<T> | undefined;
    try {
      const connection = (yield* this.#takeIdle()) ?? (yield* this.#connect());
      pooled = new Pooled(connection.value, (reusable) => {
        this.#checkIn(connection, reusable);
        permit.release();
      });
      return pooled;
    } finally {
      if (pooled === undefined) permit.release();
    }
  }

  *#acquire(): Co<Permit> {
    const begun = this.#now();
    try {
      const permit = yield* this.#permits.acquire();
      this.#waitMs += this.#now() - begun;
      return permit;
    } catch (error) {
      throw error instanceof Closed ? new Closed("the pool") : error;
    }
  }

  /** The one of the idle connections that was used last and still works, now in use. */
  *#takeIdle(): Co<Connection<T> | undefined> {
    for (let last = this.#idle.pop(); last !== undefined; last = this.#idle.pop()) {
      this.#inUse++;
      let works = false;
      try {
        works = !this.#isExpired(last) && (yield* this.#check(last.value)) && !this.#closed;
        if (works) return last;
      } finally {
        if (!works) this.#discard(last);
      }
    }
  }

  *#check(value: T): Co<boolean> {
    const { check } = this.#options;
    if (check === undefined) return true;
    try {
      return yield* intoFuture(check(value));
    } catch (error) {
      if (error instanceof Misuse || error instanceof TypeError) throw error; // not the connection's fault
      return false; // a broken connection answers with an error, as a rule
    }
  }

  /** A new connection, now in use. */
  *#connect(): Co<Connection<T>> {
    if (this.#closed) throw new Closed("the pool");
    this.#connecting++;
    let value: T;
    try {
      value = yield* intoFuture(this.#options.connect());
    } finally {
      this.#connecting--;
    }
    this.#created++;
    this.#inUse++;
    const connection = { value, madeAt: this.#now(), idleSince: this.#now() };
    if (!this.#closed) return connection;
    this.#discard(connection);
    throw new Closed("the pool");
  }

  #checkIn(connection: Connection<T>, reusable: boolean): void {
    if (!reusable || this.#closed || this.#isTooOld(connection)) return this.#discard(connection);
    this.#inUse--;
    connection.idleSince = this.#now();
    this.#idle.push(connection);
  }

  #discard(connection: Connection<T>): void {
    this.#inUse--;
    this.#close(connection);
  }

  /** An error of closing is reported: it has no place in the life of another connection. */
  #close({ value }: Connection<T>): void {
    this.#closedConnections++;
    try {
      (this.#options.close ?? dispose)(value);
    } catch (error) {
      this.#loop?.orphan({ name: "closing a pooled connection", error, claimed: false });
    }
  }

  #isExpired(connection: Connection<T>): boolean {
    const { idleTimeout = Infinity } = this.#options;
    return this.#now() - connection.idleSince >= idleTimeout || this.#isTooOld(connection);
  }

  #isTooOld({ madeAt }: Connection<T>): boolean {
    return this.#now() - madeAt >= (this.#options.maxLifetime ?? Infinity);
  }

  /** The loop's time: a connection may come back while no task is running. */
  #now(): number {
    return this.#loop!.timers.now;
  }
}

function dispose(value: unknown): void {
  (value as Partial<Disposable> | null)?.[Symbol.dispose]?.();
}
