import fc from "../../support/fast_check.ts";
import {
  type ChildSpec,
  RestartLimit,
  shielded,
  sleep,
  type Strategy,
  supervise,
  type SupervisorEvent,
} from "wakeful/runtime";
import { assertEquals, assertThrows } from "../../support/assert.ts";
import { Gate } from "../../support/gate.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

const MAX_RESTARTS = 3;
const WITHIN_MS = 100;
const CLEANUP_MS = 5;
const MOST_CHILDREN = 4;

type Kind = NonNullable<ChildSpec["restart"]>;
type End = "fail" | "finish";
type Command =
  | { act: "end"; ends: { pick: number; how: End }[] }
  | { act: "advance"; milliseconds: number };

const end = fc.record({ pick: fc.nat(20), how: fc.constantFrom<End>("fail", "finish") });
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constant("end" as const),
      ends: fc.array(end, { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ act: fc.constant("advance" as const), milliseconds: fc.nat(120) }),
  },
);
const kinds = fc.array(fc.constantFrom<Kind>("permanent", "transient", "temporary"), {
  minLength: 1,
  maxLength: MOST_CHILDREN,
});
const strategy = fc.constantFrom<Strategy>("one-for-one", "one-for-all", "rest-for-one");

/** What a supervisor should do, without tasks or time: who is up, and how often each was started. */
class Model {
  readonly up: boolean[];
  readonly starts: number[];
  gaveUp = false;
  #crashes: number[] = [];

  constructor(readonly kinds: Kind[], readonly strategy: Strategy) {
    this.up = kinds.map(() => true);
    this.starts = kinds.map(() => 1);
  }

  get over(): boolean {
    return this.gaveUp || !this.up.includes(true);
  }

  /** These end in the same turn, in this order. */
  end(ends: Map<number, End>, at: number): void {
    const left = new Map(ends);
    for (const [child, how] of ends) {
      if (this.over || !left.delete(child)) continue;
      this.up[child] = false;
      if (!this.#restarts(child, how)) continue;
      this.#crashes = [...this.#crashes.filter((crash) => at - crash < WITHIN_MS), at];
      if (this.#crashes.length > MAX_RESTARTS) return this.#giveUp();
      for (const member of this.#group(child)) {
        const restarts = member === child || this.#restarts(member, left.get(member) ?? "fail");
        left.delete(member);
        this.up[member] = restarts;
        if (restarts) this.starts[member]++;
      }
    }
  }

  #restarts(child: number, how: End): boolean {
    const kind = this.kinds[child];
    return kind === "permanent" || (kind === "transient" && how === "fail");
  }

  #group(child: number): number[] {
    const first = { "one-for-one": child, "one-for-all": 0, "rest-for-one": child }[this.strategy];
    const last = this.strategy === "one-for-one" ? child : this.kinds.length - 1;
    return this.up.flatMap((up, member) =>
      member === child || (up && member >= first && member <= last) ? [member] : []
    );
  }

  #giveUp(): void {
    this.gaveUp = true;
    this.up.fill(false);
  }
}

/** The supervisor, run beside the model; each child takes a while to clean up. */
class Rig {
  readonly virtual = new VirtualRuntime();
  readonly gates: (Gate<End> | undefined)[] = [];
  readonly starts: number[] = [];
  readonly task;

  constructor(readonly model: Model) {
    const specs = model.kinds.map((kind, id): ChildSpec => ({
      name: `${id}`,
      restart: kind,
      start: () => this.#live(id),
    }));
    const options = {
      strategy: model.strategy,
      maxRestarts: MAX_RESTARTS,
      within: WITHIN_MS,
      onEvent: (event: SupervisorEvent) => this.#count(event),
    };
    this.task = this.virtual.spawn(() => supervise(specs, options));
    this.task.then(() => {}, () => {});
    this.virtual.settle();
  }

  run(command: Command): void {
    if (command.act === "advance") this.virtual.advance(command.milliseconds);
    else this.#end(command.ends);
    this.check();
  }

  #end(picks: { pick: number; how: End }[]): void {
    const up = this.model.up.flatMap((up, id) => up ? [id] : []);
    if (up.length === 0) return;
    const ends = new Map<number, End>();
    for (const { pick, how } of picks) {
      const id = up[pick % up.length];
      if (!ends.has(id)) ends.set(id, how);
    }
    this.model.end(ends, this.virtual.clock.time);
    for (const [id, how] of ends) this.gates[id]!.open(how);
    this.virtual.settle();
    this.virtual.advance(MOST_CHILDREN * MOST_CHILDREN * CLEANUP_MS); // stopping a group takes time
  }

  check(): void {
    assertEquals(this.gates.map((gate) => gate !== undefined), this.model.up);
    assertEquals(this.starts, this.model.starts);
    assertEquals(this.task.isFinished(), this.model.over);
  }

  /** However it stands: nothing is left once it is stopped. */
  finish(): void {
    if (this.model.gaveUp) assertThrows(() => this.virtual.outcome(this.task), RestartLimit);
    this.task.abort();
    this.virtual.advance(MOST_CHILDREN * CLEANUP_MS);
    assertEquals(this.gates.filter((gate) => gate !== undefined), []);
    assertEquals(this.virtual.runtime.statistics(), { tasks: 0, timers: 0, registrations: 0 });
    assertEquals(this.virtual.reported, []);
    this.virtual[Symbol.dispose]();
  }

  #count(event: SupervisorEvent): void {
    if (event.what !== "started" && event.what !== "restarted") return;
    const id = Number(event.child);
    this.starts[id] = (this.starts[id] ?? 0) + 1;
  }

  *#live(id: number) {
    const gate = this.gates[id] = new Gate<End>();
    let how: End | undefined;
    try {
      how = yield* gate;
      if (how === "fail") throw new RangeError(`${id}`);
    } finally {
      // Only one that is stopped takes its time: so the others end in the turn they are told to.
      if (how === undefined) yield* shielded(1_000, () => sleep(CLEANUP_MS));
      this.gates[id] = undefined;
    }
  }
}

Deno.test("supervise: restarts whom the strategy says, as often as allowed, and leaves nothing", () => {
  fc.assert(
    fc.property(
      kinds,
      strategy,
      fc.array(command, { maxLength: 15 }),
      (kinds, strategy, commands) => {
        const rig = new Rig(new Model(kinds, strategy));
        for (const command of commands) rig.run(command);
        rig.finish();
      },
    ),
    { numRuns: 300 },
  );
});
