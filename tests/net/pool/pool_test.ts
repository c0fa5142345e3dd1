import { Pool, type PoolOptions } from "wakeful/net";
import { Closed, IoError, Misuse, scope, sleep, TimedOut } from "wakeful/runtime";
import { assert, assertEquals, assertStrictEquals, assertThrows } from "../../support/assert.ts";
import { handPoll } from "../../support/hand_poll.ts";
import { FakeLoop } from "../../support/fake_loop.ts";
import { Gate } from "../../support/gate.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

const CONNECTIONS = 10;
const TASKS = 100;

/** A connection that knows its number and whether it was closed. */
interface Numbered {
  readonly number: number;
  closed: boolean;
}

/** A pool of numbered connections, polled by hand; what is not given in `options` is at once. */
function rig(options: Partial<PoolOptions<Numbered>> = {}) {
  const loop = new FakeLoop();
  const made: Numbered[] = [];
  const connection = (): Numbered => {
    made.push({ number: made.length, closed: false });
    return made.at(-1)!;
  };
  const pool = new Pool<Numbered>({
    max: 2,
    *connect() {
      return connection();
    },
    close: (value) => void (value.closed = true),
    ...options,
  });
  const get = () => handPoll(pool.get(), loop);
  const take = () => get().take();
  const closed = () => made.filter(({ closed }) => closed).map(({ number }) => number);
  return { loop, pool, made, connection, get, take, closed };
}

/** The figures that are not 0. */
function figures(pool: Pool<Numbered>): Record<string, number> {
  return Object.fromEntries(Object.entries(pool.statistics()).filter(([, figure]) => figure !== 0));
}

Deno.test("Pool: makes a connection when none is idle, and uses it again", () => {
  const { pool, take } = rig();
  const first = take();
  assertEquals(figures(pool), { total: 1, inUse: 1, created: 1, gets: 1 });
  const { value } = first;
  first.release();
  assertEquals(figures(pool), { total: 1, idle: 1, created: 1, gets: 1 });
  assertStrictEquals(take().value, value);
  assertEquals(figures(pool), { total: 1, inUse: 1, created: 1, gets: 2 });
});

Deno.test("Pool: the one used last is used next", () => {
  const { take } = rig();
  const [first, second] = [take(), take()];
  first.release();
  second.release();
  assertEquals([take().value.number, take().value.number], [1, 0]);
});

Deno.test("Pool: beyond max a get waits its turn, first come, first served", () => {
  const { pool, take, get } = rig({ max: 1 });
  const only = take();
  const [second, third] = [get(), get()];
  second.assertPending();
  third.assertPending();
  assertEquals(figures(pool), { total: 1, inUse: 1, waiting: 2, created: 1, gets: 1 });
  only.release();
  assertEquals([second.woken, third.woken], [true, false]);
  second.take().release();
  assert(third.woken);
  assertEquals(third.take().value.number, 0);
});

Deno.test("Pool: a connection goes back at the end of its block, once", () => {
  const { pool, take } = rig();
  const pooled = take();
  {
    using _pooled = pooled;
  }
  pooled.release();
  pooled.discard();
  assertEquals(figures(pool), { total: 1, idle: 1, created: 1, gets: 1 });
});

Deno.test("Pool: a discarded connection is closed, and its place is free", () => {
  const { pool, take, closed } = rig({ max: 1 });
  take().discard();
  assertEquals([figures(pool), closed()], [{ created: 1, closed: 1, gets: 1 }, [0]]);
  assertEquals(take().value.number, 1);
});

Deno.test("Pool: an idle connection is checked; one that does not work is closed, the next tried", () => {
  const { take, closed, loop } = rig({
    max: 3,
    *check({ number }) {
      if (number === 2) throw new IoError("broken-pipe", "gone");
      return number === 0;
    },
  });
  [take(), take(), take()].forEach((pooled) => pooled.release());
  assertEquals([take().value.number, closed()], [0, [1, 2]]);
  assertEquals(take().value.number, 3);
  assertEquals(loop.unclaimed, []);
});

Deno.test("Pool: a check that is misused says so instead of passing for a broken connection", () => {
  const { pool, take, get, closed } = rig({
    check: () => {
      throw new Misuse("a bug");
    },
  });
  take().release();
  assertThrows(() => get().poll(), Misuse, "a bug");
  assertEquals([figures(pool), closed()], [{ created: 1, closed: 1, gets: 1 }, [0]]);
});

Deno.test("Pool: a get that is dropped while it checks closes that connection", () => {
  const gate = new Gate<boolean>();
  const { pool, take, get, closed } = rig({ max: 1, check: () => gate });
  take().release();
  const dropped = get();
  dropped.assertPending();
  assertEquals(figures(pool), { total: 1, inUse: 1, created: 1, gets: 1 });
  dropped.drop();
  assertEquals([gate.dropped, closed()], [1, [0]]);
  assertEquals(take().value.number, 1);
});

Deno.test("Pool: a get that is dropped while it connects gives up attempt and place", () => {
  const gate = new Gate<Numbered>();
  const { pool, get } = rig({ max: 1, connect: () => gate });
  const [dropped, next] = [get(), get()];
  dropped.assertPending();
  next.assertPending();
  assertEquals(figures(pool), { total: 1, connecting: 1, waiting: 1 });
  dropped.drop();
  assertEquals([gate.dropped, next.woken], [1, true]);
  next.assertPending();
  gate.open({ number: 7, closed: false });
  assertEquals(next.take().value.number, 7);
  assertEquals(figures(pool), { total: 1, inUse: 1, created: 1, gets: 1 });
});

Deno.test("Pool: a get that is dropped in the queue, or on its turn, leaves the turn to the next", () => {
  const { take, get } = rig({ max: 1 });
  const only = take();
  const [first, second, third] = [get(), get(), get()];
  for (const wait of [first, second, third]) wait.assertPending();
  first.drop();
  only.release();
  assert(second.woken);
  second.drop();
  assert(third.woken);
  third.take();
});

Deno.test("Pool: a connect that fails is thrown, and its place is free", () => {
  let fails = true;
  const { pool, connection, get, take } = rig({
    max: 1,
    *connect() {
      if (fails) throw new IoError("connection-refused", "nobody there");
      return connection();
    },
  });
  assertThrows(() => get().poll(), IoError, "nobody there");
  assertEquals(figures(pool), {});
  fails = false;
  take();
});

Deno.test("Pool: close ends waits with Closed, closes the idle ones now, the others on return", () => {
  const { pool, take, get, closed } = rig();
  const [idle, used] = [take(), take()];
  const waiting = get();
  waiting.assertPending();
  idle.release();
  const granted = waiting; // its turn has come, and the pool is closed before it is polled
  pool.close();
  pool.close();
  assertEquals(closed(), [0]);
  assert(granted.woken);
  assertThrows(() => granted.poll(), Closed, "the pool");
  assertThrows(() => get().poll(), Closed, "the pool");
  used.release();
  assertEquals([closed(), figures(pool)], [[0, 1], { created: 2, closed: 2, gets: 2 }]);
});

Deno.test("Pool: close ends a wait in the queue", () => {
  const { pool, take, get } = rig({ max: 1 });
  take();
  const waiting = get();
  waiting.assertPending();
  pool.close();
  assert(waiting.woken);
  assertThrows(() => waiting.poll(), Closed, "the pool");
  assertEquals(waiting.kept, 0);
});

Deno.test("Pool: a connection made or checked while the pool was closed is closed", () => {
  for (const stage of ["connect", "check"] as const) {
    const gate = new Gate<never>();
    const parts = rig({ [stage]: () => gate });
    if (stage === "check") parts.take().release();
    const get = parts.get();
    get.assertPending();
    parts.pool.close();
    const value = { number: 9, closed: false };
    gate.open((stage === "check" ? true : value) as never);
    assertThrows(() => get.poll(), Closed, "the pool");
    assertEquals(stage === "check" ? parts.closed() : value.closed, stage === "check" ? [0] : true);
    assertEquals(parts.pool.statistics().total, 0);
  }
});

Deno.test("Pool.reap: closes what was idle for too long, and what is too old", () => {
  const { loop, pool, take, closed } = rig({ max: 3, idleTimeout: 100, maxLifetime: 250 });
  assertEquals(pool.reap(), 0);
  const [a, b, c] = [take(), take(), take()];
  a.release();
  loop.advance(60);
  b.release();
  loop.advance(60);
  assertEquals([pool.reap(), closed()], [1, [0]]);
  loop.advance(130);
  assertEquals([pool.reap(), closed()], [1, [0, 1]]);
  c.release();
  assertEquals([closed(), pool.statistics().total], [[0, 1, 2], 0]);
});

Deno.test("Pool: a get passes over what is too old, reaped or not", () => {
  const { loop, take, closed } = rig({ idleTimeout: 100 });
  take().release();
  loop.advance(100);
  assertEquals([take().value.number, closed()], [1, [0]]);
});

Deno.test("Pool.reaper: reaps in time, and ends when the pool is closed", () => {
  using virtual = new VirtualRuntime();
  const { pool, closed } = rig({ idleTimeout: 100 });
  const reaper = virtual.spawn(() => pool.reaper());
  virtual.run(function* () {
    (yield* pool.get()).release();
  });
  virtual.advance(200);
  assertEquals(closed(), [0]);
  assert(!reaper.isFinished());
  pool.close();
  virtual.settle();
  assert(reaper.isFinished());
});

Deno.test("Pool.reaper: without a time limit there is nothing to reap", () => {
  using virtual = new VirtualRuntime();
  assertThrows(() => virtual.run(() => rig().pool.reaper()), RangeError, "time limit");
});

Deno.test("Pool: acquireTimeout bounds the wait for a turn and the connecting", () => {
  for (const stage of ["turn", "connect"]) {
    using virtual = new VirtualRuntime();
    const slow = stage === "turn" ? {} : { connect: () => new Gate<Numbered>() };
    const { pool } = rig({ max: 1, acquireTimeout: 100, ...slow });
    if (stage === "turn") virtual.run(() => pool.get());
    const get = virtual.spawn(() => pool.get());
    virtual.advance(99);
    assert(!get.isFinished());
    virtual.advance(1);
    assertThrows(() => virtual.outcome(get), TimedOut);
    assertEquals(pool.statistics().total, stage === "turn" ? 1 : 0);
    assertEquals(pool.statistics().waiting, 0);
  }
});

Deno.test("Pool: an error of closing is reported and stops nothing", () => {
  const { loop, pool, take } = rig({
    close: ({ number }) => {
      throw new Error(`closing ${number}`);
    },
  });
  [take(), take()].forEach((pooled) => pooled.release());
  pool.close();
  assertEquals(loop.unclaimed.map(String), ["Error: closing 0", "Error: closing 1"]);
  assertEquals(pool.statistics().closed, 2);
});

Deno.test("Pool: what is Disposable is disposed of unless the options say how to close", () => {
  let disposed = 0;
  const pool = new Pool({
    max: 1,
    *connect() {
      return { [Symbol.dispose]: () => void disposed++ };
    },
  });
  {
    using _pool = pool;
    handPoll(pool.get()).take().release();
  }
  assertEquals(disposed, 1);
});

Deno.test("Pool: a hundred tasks on ten connections each get one, and wait as long as they must", () => {
  using virtual = new VirtualRuntime();
  const { pool } = rig({ max: CONNECTIONS });
  let most = 0;
  virtual.run(() =>
    scope(function* (s) {
      for (let i = 0; i < TASKS; i++) {
        s.spawn(function* () {
          using _connection = yield* pool.get();
          most = Math.max(most, pool.statistics().inUse);
          yield* sleep(10);
        });
      }
    })
  );
  const { created, gets, waitMs, idle } = pool.statistics();
  assertEquals([most, created, idle, gets], [CONNECTIONS, CONNECTIONS, CONNECTIONS, TASKS]);
  // Ten at a time: the second ten wait 10 ms each, the third 20 …
  assertEquals([waitMs, virtual.clock.time], [(1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9) * 100, 100]);
});

Deno.test("Pool: options that cannot be are RangeErrors", () => {
  for (const max of [0, -1, 1.5, NaN]) assertThrows(() => rig({ max }), RangeError, "connections");
  for (const name of ["idleTimeout", "maxLifetime", "acquireTimeout"]) {
    for (const bad of [0, -1, NaN]) assertThrows(() => rig({ [name]: bad }), RangeError, name);
  }
});
