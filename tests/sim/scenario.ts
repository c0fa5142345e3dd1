import type { Co } from "wakeful/runtime";
import type { World } from "wakeful/testing";

/** Programs in a simulated world, and what has to hold whatever happens to them. */
export interface Scenario {
  /** As it is called on the command line. */
  readonly name: string;
  /** What it claims, in one line. */
  readonly about: string;
  /** How long it may take, in milliseconds of its own time. */
  readonly limit?: number;
  /** Makes the hosts, moves the world, checks; an error is a failure. */
  run(world: World): Co<void>;
}
