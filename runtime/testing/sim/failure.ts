import type { SimRecord } from "../../reactor/sim/trace.ts";
import type { TaskView } from "../../runtime.ts";

/** What is known at the moment in which a simulation fails. */
export interface Circumstances {
  readonly seed: number;
  /** How to see it again. */
  readonly replay: string;
  readonly hash: string;
  /** Milliseconds since the simulation began. */
  readonly at: number;
  readonly faults: readonly string[];
  readonly recent: readonly SimRecord[];
  /** By host, the tasks that have not ended. */
  readonly tasks: ReadonlyMap<string, readonly TaskView[]>;
}

/** How many of the latest events a report shows. */
const SHOWN_EVENTS = 20;

/**
 * A simulation failed. The message tells how to see it again, what happened last, and which tasks
 * wait for what; the cause is the error itself.
 */
export class SimulationFailed extends Error {
  override readonly name = "SimulationFailed";
  readonly circumstances: Circumstances;

  constructor(what: string, circumstances: Circumstances, options?: ErrorOptions) {
    super(`${what}\n${report(circumstances)}`, options);
    this.circumstances = circumstances;
  }
}

function report({ seed, replay, hash, at, faults, recent, tasks }: Circumstances): string {
  return [
    `seed ${seed}, trace ${hash}, after ${at.toFixed(3)} ms`,
    `replay: ${replay}`,
    ...section("faults:", faults),
    ...section("last events:", recent.slice(-SHOWN_EVENTS).map(showRecord)),
    ...section("tasks:", [...tasks].flatMap(([host, views]) => views.map(showTask(host)))),
  ].join("\n");
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];
}

export function showRecord({ at, what, details }: SimRecord): string {
  return `${at.toFixed(3)} ${what} ${details.join(" ")}`;
}

function showTask(host: string): (view: TaskView) => string {
  return ({ name, waitsFor }) => `${host}: ${name} waits for ${waitsFor}`;
}
