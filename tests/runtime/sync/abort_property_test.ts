import fc from "../../support/fast_check.ts";
import { type Co, Mutex, OnceCell, RwLock, sleep } from "wakeful/runtime";
import { assert, assertEquals } from "../../support/assert.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

/** One task: when it asks, for how long it works, when it is aborted if it has not ended. */
const plan = fc.record({
  asks: fc.nat(10),
  works: fc.nat(5),
  writes: fc.boolean(),
  aborted: fc.option(fc.nat(20), { nil: undefined }),
});

type Plan = typeof plan extends fc.Arbitrary<infer P> ? P : never;

const plans = fc.array(plan, { maxLength: 12 });

const NUM_RUNS = 400;

/** Longer than all plans together take. */
const LONG_ENOUGH = 1_000;

/** Runs a task for each plan, and aborts those that are to be aborted, in virtual time. */
function runAll(plans: Plan[], body: (plan: Plan) => Co<void>): void {
  using virtual = new VirtualRuntime();
  for (const plan of plans) {
    const task = virtual.spawn(function* () {
      yield* sleep(plan.asks);
      yield* body(plan);
    });
    if (plan.aborted === undefined) continue;
    virtual.spawn(function* () {
      yield* sleep(plan.aborted!);
      task.abort();
    });
  }
  virtual.advance(LONG_ENOUGH);
  assertEquals(virtual.runtime.statistics().tasks, 0, "a task was forgotten");
  assertEquals(virtual.reported, []);
}

/** Counts who is inside while the body works. */
function* inside(who: { readers: number; writers: number }, plan: Plan, writes: boolean): Co<void> {
  const role = writes ? "writers" : "readers";
  who[role]++;
  try {
    assert(who.writers === 0 || who.writers + who.readers === 1, JSON.stringify(who));
    yield* sleep(plan.works);
  } finally {
    who[role]--;
  }
}

Deno.test("Mutex: tasks that are aborted at any moment leave it to the others", () => {
  fc.assert(
    fc.property(plans, (plans) => {
      const mutex = new Mutex({ readers: 0, writers: 0 });
      runAll(plans, function* (plan) {
        using guard = yield* mutex.lock();
        yield* inside(guard.value, plan, true);
      });
      assert(!mutex.isLocked);
    }),
    { numRuns: NUM_RUNS },
  );
});

Deno.test("RwLock: tasks that are aborted at any moment leave it to the others", () => {
  fc.assert(
    fc.property(plans, (plans) => {
      const lock = new RwLock({ readers: 0, writers: 0 });
      runAll(plans, function* (plan) {
        using guard = yield* plan.writes ? lock.write() : lock.read();
        yield* inside(guard.value, plan, plan.writes);
      });
      assert(lock.tryWrite());
    }),
    { numRuns: NUM_RUNS },
  );
});

Deno.test("OnceCell: tasks that are aborted at any moment leave it to the others", () => {
  fc.assert(
    fc.property(plans, (plans) => {
      const cell = new OnceCell<number>();
      const who = { readers: 0, writers: 0 };
      const seen = new Set<number>();
      runAll(plans, function* (plan) {
        seen.add(
          yield* cell.getOrInit(function* () {
            yield* inside(who, plan, true);
            return plan.works;
          }),
        );
      });
      assertEquals([...seen], cell.isSet ? [cell.get()] : []);
      assert(cell.isSet || plans.every(({ aborted }) => aborted !== undefined));
    }),
    { numRuns: NUM_RUNS },
  );
});
