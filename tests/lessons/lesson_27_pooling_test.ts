/**
 * Lesson 27, pooling: what is dear to make is made once, lent, and given back.
 *
 * Read on in net/pool: pool.ts is a semaphore that says how many there may be and a stack of those
 * that are idle; pooled.ts is what is lent.
 */

import { now, scope, sleep, spawn, TimedOut } from "wakeful/runtime";
import { Pool, type PoolOptions } from "wakeful/net";
import { runTest } from "wakeful/testing";
import { assertEquals, assertInstanceOf } from "../support/assert.ts";
import { show } from "./show.ts";

const CONNECT_MS = 50;

/** A connection that knows its number, and whether it still works. */
class Connection {
  alive = true;
  closedAt: number | undefined;
  constructor(readonly id: number) {}
}

/** A pool of such connections, and all that it has ever made. */
function pooling(max: number, options: Partial<PoolOptions<Connection>> = {}) {
  const made: Connection[] = [];
  const pool = new Pool<Connection>({
    max,
    *connect() {
      yield* sleep(CONNECT_MS);
      const connection = new Connection(made.length + 1);
      made.push(connection);
      return connection;
    },
    close: (connection) => void (connection.closedAt = now()),
    ...options,
  });
  return { pool, made };
}

Deno.test("lesson 27.1 · a semaphore bounds it: the third waits until one is given back", async () => {
  const log: string[] = [];
  await runTest(function* () {
    const { pool, made } = pooling(2);
    yield* scope(function* (s) {
      for (const [name, use] of [["a", 300], ["b", 200], ["c", 100]] as const) {
        s.spawn(function* () {
          using connection = yield* pool.get();
          log.push(`${now()} ${name} has ${connection.value.id}`);
          yield* sleep(use);
        });
      }
    });
    assertEquals(made.length, 2);
  });
  // c comes last and pays for no connecting: it gets what b gave back, 50 + 200 ms after the start.
  assertEquals(log, ["50 a has 1", "50 b has 2", "250 c has 2"]);
});

Deno.test("lesson 27.1 · a stack keeps them: the one that was used last is used next", async () => {
  await runTest(function* () {
    const { pool } = pooling(3);
    const [one, two, three] = [yield* pool.get(), yield* pool.get(), yield* pool.get()];
    for (const pooled of [one, three, two]) pooled.release();
    const next = [yield* pool.get(), yield* pool.get(), yield* pool.get()];
    assertEquals(next.map(({ value }) => value.id), [2, 3, 1]);
  });
});

Deno.test("lesson 27.2 · a connection is checked before it is lent; a dead one is replaced", async () => {
  await runTest(function* () {
    const { pool, made } = pooling(1, {
      *check({ alive }) {
        yield* sleep(10);
        return alive;
      },
    });
    (yield* pool.get()).release();
    (yield* pool.get()).release();
    assertEquals([made.length, now()], [1, CONNECT_MS + 10]); // the second was checked, not made

    made[0].alive = false;
    using pooled = yield* pool.get();
    assertEquals(pooled.value.id, 2);
    assertEquals(made[0].closedAt, 60 + 10);
    assertEquals(now(), 60 + 10 + CONNECT_MS);
  });
});

Deno.test("lesson 27.2 · whoever sees a connection break throws it away", async () => {
  await runTest(function* () {
    const { pool, made } = pooling(1);
    (yield* pool.get()).discard();
    using pooled = yield* pool.get();
    assertEquals([pooled.value.id, made[0].closedAt], [2, CONNECT_MS]);
  });
});

Deno.test("lesson 27.3 · a reaper closes what has been idle for too long, and leaves the rest", async () => {
  await runTest(function* () {
    const { pool, made } = pooling(2, { idleTimeout: 1_000 });
    const reaper = spawn(() => pool.reaper());
    const [busy, idle] = [yield* pool.get(), yield* pool.get()];
    idle.release();
    yield* sleep(5_000);
    busy.release();
    assertEquals(made.map(({ closedAt }) => closedAt), [undefined, 2_000]);
    assertEquals(pool.statistics().total, 1);
    pool.close();
    yield* reaper;
    assertEquals(made[0].closedAt, now());
  });
});

Deno.test("lesson 27.4 · the figures: how many there are, are idle, are awaited, and for how long", async () => {
  await runTest(function* () {
    const { pool } = pooling(2);
    const figures = () => {
      const { total, idle, inUse, connecting, waiting, waitMs } = pool.statistics();
      return { total, idle, inUse, connecting, waiting, waitMs };
    };
    const users = [0, 1, 2].map(() =>
      spawn(function* () {
        using _connection = yield* pool.get();
        yield* sleep(100);
      })
    );
    yield* sleep(10);
    const start = { total: 2, idle: 0, inUse: 0, connecting: 2, waiting: 1, waitMs: 0 };
    assertEquals(figures(), start);
    yield* sleep(CONNECT_MS);
    assertEquals(figures(), { ...start, inUse: 2, connecting: 0 });
    for (const user of users) yield* user;
    const waited = CONNECT_MS + 100;
    assertEquals(figures(), { ...start, idle: 2, connecting: 0, waiting: 0, waitMs: waited });
  });
});

Deno.test("lesson 27.4 · nobody waits for ever: a limit ends the wait, and the place in the queue", async () => {
  await runTest(function* () {
    const { pool } = pooling(1, { acquireTimeout: 500 });
    using _held = yield* pool.get();
    try {
      yield* pool.get();
    } catch (error) {
      assertInstanceOf(error, TimedOut);
    }
    assertEquals([now(), pool.statistics().waiting], [CONNECT_MS + 500, 0]);
  });
});

Deno.test("lesson 27.5 · a hundred tasks share ten connections", async () => {
  let inUse = 0, most = 0;
  await runTest(function* () {
    const { pool, made } = pooling(10);
    yield* scope(function* (s) {
      for (let i = 0; i < 100; i++) {
        s.spawn(function* () {
          using _connection = yield* pool.get();
          most = Math.max(most, ++inUse);
          yield* sleep(100);
          inUse--;
        });
      }
    });
    const { created, gets, total, idle, waitMs } = pool.statistics();
    show(`${gets} uses of ${created} connections took ${now()} ms, waits together ${waitMs} ms`);
    assertEquals({ created, gets, total, idle }, { created: 10, gets: 100, total: 10, idle: 10 });
    assertEquals([made.length, most, now()], [10, 10, CONNECT_MS + 10 * 100]);
    // The k-th ten wait for the connecting and for k uses before them.
    assertEquals(waitMs, 10 * (9 * CONNECT_MS + 100 * (1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9)));
  });
});
