import fc from "../../support/fast_check.ts";
import { Cancelled, Pending, pollFn } from "wakeful/runtime";
import type { Waker } from "../../../runtime/core/waker.ts";
import { Task } from "../../../runtime/task/task.ts";
import { assert, assertEquals } from "../../support/assert.ts";
import { FakeLoop } from "../../support/fake_loop.ts";
import type { HandPoll } from "../../support/hand_poll.ts";
import { joined } from "../../support/joined.ts";
import { Recorder } from "../../support/recorder.ts";

const STEPS = ["wake", "clone", "run", "abort", "join", "detach"] as const;
const DURING = ["wake", "abort", "finish", "fail"] as const;
type During = typeof DURING[number];

/** A task whose polls do what the test has planned, and what must be true of it at all times. */
class Rig {
  readonly loop = new FakeLoop(); // throws when a task is queued twice
  readonly log = new Recorder();
  readonly handles: Waker[] = [];
  readonly task: Task<string>;
  readonly joiner: HandPoll<string>;
  #plan: During[][];
  /** A wake came that no poll has begun after. */
  #owed = true;
  #waiting = false;

  constructor(plan: During[][]) {
    this.#plan = plan;
    const body = pollFn<string>((cx) => {
      this.#owed = false;
      if (this.handles.length === 0) this.handles.push(cx.waker.clone());
      return this.#poll(plan.shift() ?? []);
    });
    const drop = body.drop;
    body.drop = () => {
      this.log.note("dropped");
      drop.call(body);
    };
    this.task = new Task(body, this.loop);
    this.joiner = joined(this.task);
  }

  #poll(plan: During[]): string | typeof Pending {
    for (const act of plan) {
      if (act === "wake") this.wake();
      else if (act === "abort") this.task.abort();
      else if (act === "fail") throw new RangeError("planned");
      else return "value";
    }
    return Pending;
  }

  wake(): void {
    this.handles[0]?.wakeByRef();
    if (this.handles.length > 0) this.#owed = true;
  }

  step(step: typeof STEPS[number]): void {
    if (step === "wake") this.wake();
    else if (step === "clone") this.handles.push(...this.handles.slice(0, 1).map((w) => w.clone()));
    else if (step === "run") this.loop.runOne();
    else if (step === "abort") this.task.abort();
    else if (step === "detach") this.#detach();
    else this.#join();
    this.check();
  }

  #detach(): void {
    if (this.task.state.completed) return;
    this.task.detach();
    this.#waiting = false;
  }

  #join(): void {
    if (this.task.state.completed) return;
    this.joiner.poll();
    this.#waiting = true;
  }

  check(): void {
    const { completed, scheduled, running } = this.task.state;
    assert(!running, "nothing runs between steps");
    assertEquals(this.loop.alive.size, completed ? 0 : 1);
    if (!completed) {
      assertEquals(scheduled, this.loop.queue.length === 1, "queued while scheduled");
      assertEquals(scheduled, this.#owed, "no wake is lost, and none is invented");
    }
    const kept = this.#waiting && !completed ? 1 : 0;
    assertEquals(this.joiner.kept, kept, "the joiner's waker is kept while needed");
    assertEquals(this.joiner.woken, this.#waiting && completed, "woken iff joined");
    assertEquals(this.task.wakers, this.handles.length + (completed ? 0 : 1));
  }

  /** Ends it, and looks at what is left. */
  finish(): void {
    while (this.loop.queue.length > 0 && this.#plan.length > 0) this.loop.runOne();
    this.task.abort();
    this.loop.runAll();
    assert(this.task.state.completed);
    const error = this.#outcome();
    assertEquals(this.log.line, error instanceof Cancelled ? "dropped" : "");
    const orphans = error instanceof RangeError && !this.#waiting ? 1 : 0;
    assertEquals([this.loop.orphans.length, this.loop.unclaimed.length], [orphans, 0]);
    for (const handle of this.handles) handle.drop();
    assertEquals(this.task.wakers, 0);
  }

  /** The error it ended with; none when it has a value. */
  #outcome(): unknown {
    try {
      this.joiner.assertReady("value");
    } catch (error) {
      return error;
    }
  }
}

Deno.test("Task: queued at most once and no wake lost, whatever comes in whatever order", () => {
  const plan = fc.array(fc.array(fc.constantFrom(...DURING), { maxLength: 3 }), { maxLength: 6 });
  const steps = fc.array(fc.constantFrom(...STEPS), { maxLength: 30 });
  fc.assert(
    fc.property(plan, steps, (plan, steps) => {
      const rig = new Rig(plan.map((acts) => [...acts]));
      for (const step of steps) rig.step(step);
      rig.finish();
    }),
    { numRuns: 2000 },
  );
});
