import {
  type ChildSpec,
  type Co,
  shielded,
  sleep,
  supervise,
  type SupervisorEvent,
  type SupervisorOptions,
} from "wakeful/runtime";
import { Gate } from "./gate.ts";
import { Recorder } from "./recorder.ts";
import { VirtualRuntime } from "./virtual_runtime.ts";

/** Children that run until the test ends them: `fail("a")`, `finish("a")`. */
export class Nursery {
  readonly virtual = new VirtualRuntime();
  readonly log = new Recorder();
  #gates = new Map<string, Gate<Error | undefined>>();

  child(name: string, restart?: ChildSpec["restart"]): ChildSpec {
    return { name, restart, start: () => this.#live(name) };
  }

  supervise(children: readonly ChildSpec[], options: SupervisorOptions = {}) {
    const onEvent = (event: SupervisorEvent) => this.log.note(show(event));
    const task = this.virtual.spawn(() => supervise(children, { onEvent, ...options }));
    task.then(() => {}, () => {});
    this.virtual.settle();
    return task;
  }

  fail(...names: string[]): void {
    for (const name of names) this.#gates.get(name)!.open(new RangeError(name));
    this.virtual.settle();
  }

  finish(name: string): void {
    this.#gates.get(name)!.open(undefined);
    this.virtual.settle();
  }

  /** What was told since the last call. */
  get news(): string {
    return this.log.seen.splice(0).join(", ");
  }

  [Symbol.dispose](): void {
    this.virtual[Symbol.dispose]();
  }

  *#live(name: string): Co<void> {
    const gate = new Gate<Error | undefined>();
    this.#gates.set(name, gate);
    this.log.note(`${name} runs`);
    const error = yield* gate;
    if (error !== undefined) throw error;
  }
}

function show(event: SupervisorEvent): string {
  if (event.what === "gave up") return event.what;
  if (event.what === "restarted") return `${event.child} restarted for ${event.because}`;
  return `${event.child} ${event.what}`;
}

/** Runs until it is stopped, and then takes its time. */
export function leisurely(log: Recorder, name: string, milliseconds: number): ChildSpec {
  return {
    name,
    *start() {
      try {
        yield* new Gate();
      } finally {
        log.note(`${name} stops`);
        yield* shielded(60_000, () => sleep(milliseconds));
        log.note(`${name} stopped`);
      }
    },
  };
}
