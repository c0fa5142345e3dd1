import fc from "../../support/fast_check.ts";
import { End, type Finished, type JoinHandle, JoinSet, Pending } from "wakeful/runtime";
import { assertEquals } from "../../support/assert.ts";
import { FakeLoop } from "../../support/fake_loop.ts";
import { Gate } from "../../support/gate.ts";
import { type HandPoll, handPoll } from "../../support/hand_poll.ts";

type Command =
  | { act: "spawn" | "poll" | "try" | "give up" | "abort all" | "run" }
  | { act: "finish" | "fail" | "abort"; pick: number };

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ act: fc.constantFrom("spawn", "poll", "try", "give up", "run") }),
  fc.record({ act: fc.constantFrom("finish", "fail", "abort"), pick: fc.nat(20) }),
  { weight: 1, arbitrary: fc.constant<Command>({ act: "abort all" }) },
);

type Outcome = Finished<number>;

/** A task of the test: it ends when its gate is opened, with or without an error. */
class Job {
  readonly gate = new Gate<boolean>();
  readonly handle: JoinHandle<number>;
  opened = false;

  constructor(readonly id: number, loop: FakeLoop, set: JoinSet<number>) {
    const body = () => this.#run();
    this.handle = loop.inside(() => set.spawn(body, { name: `${id}` }));
  }

  *#run() {
    if (yield* this.gate) throw this.id;
    return this.id;
  }
}

class Rig {
  readonly loop = new FakeLoop();
  readonly set = new JoinSet<number>();
  readonly jobs: Job[] = [];
  readonly handedOver: string[] = [];
  /** Whether somebody else took an outcome since the latest poll. */
  snatched = false;
  wait: HandPoll<Outcome | typeof End> | undefined;

  run(command: Command): void {
    if ("pick" in command) this.#touch(command.act, command.pick);
    else this.#act(command.act);
    assertEquals(this.set.size, this.jobs.length - this.handedOver.length);
  }

  #act(act: Exclude<Command["act"], "finish" | "fail" | "abort">): void {
    if (act === "spawn") this.jobs.push(new Job(this.jobs.length, this.loop, this.set));
    else if (act === "poll") this.#poll();
    else if (act === "try") this.#try();
    else if (act === "give up") this.#giveUp();
    else if (act === "run") this.loop.runOne();
    else this.set.abortAll();
  }

  /** May take what a wait was woken for. */
  #try(): void {
    const outcome = this.set.tryJoinNext();
    this.snatched ||= outcome !== Pending && outcome !== End;
    this.#take(outcome);
  }

  #touch(act: "finish" | "fail" | "abort", pick: number): void {
    const job = this.jobs[pick % this.jobs.length];
    if (job === undefined) return;
    if (act === "abort") return job.handle.abort("by hand");
    if (job.opened) return;
    job.opened = true;
    job.gate.open(act === "fail");
  }

  #poll(): void {
    this.wait ??= handPoll(this.set.joinNextOutcome(), this.loop);
    const woken = this.wait.woken;
    const polled = this.wait.poll();
    if (woken && !this.snatched) assertEquals(polled === Pending, false, "woken for nothing");
    this.snatched = false;
    if (polled !== Pending) this.wait = undefined;
    this.#take(polled);
  }

  #take(outcome: Outcome | typeof End | typeof Pending): void {
    const running = this.jobs.some((job) => !job.handle.isFinished());
    const waiting = this.jobs.length > this.handedOver.length;
    if (outcome === Pending) assertEquals(running, true);
    else if (outcome === End) assertEquals(waiting, false);
    else this.handedOver.push(outcome.name);
  }

  #giveUp(): void {
    this.wait?.drop();
    assertEquals(this.wait?.kept ?? 0, 0);
    this.wait = undefined;
  }

  /** Ends all that is left and joins it: every task was handed over once. */
  finish(): void {
    this.set.abortAll();
    this.loop.runAll();
    while (this.set.size > 0) this.#poll();
    this.#giveUp();
    assertEquals(this.handedOver.toSorted(), this.jobs.map(({ id }) => `${id}`).toSorted());
    assertEquals([this.loop.alive.size, this.loop.unclaimed], [0, []]);
    for (const { gate } of this.jobs) assertEquals(gate.waker, undefined);
  }
}

Deno.test("JoinSet: every task's outcome is handed over exactly once, whatever happens when", () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
      const rig = new Rig();
      for (const command of commands) rig.run(command);
      rig.finish();
    }),
    { numRuns: 500 },
  );
});
