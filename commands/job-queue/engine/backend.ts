import type { Co } from "../../../runtime/mod.ts";
import type { Claim, Command, Verdict } from "../model/command.ts";

type Of<K extends Command["kind"]> = Extract<Command, { kind: K }>;

/** What comes of an attempt, for the store. */
export type Report = Of<"complete"> | Of<"fail">;
export type Beat = Of<"heartbeat">;

/** There are no jobs for whoever asked, and there will be none. */
export class ClaimRefused extends Error {
  override readonly name = "ClaimRefused";
}

/** Where workers get their jobs: the store in this process, or a server elsewhere. */
export interface Backend {
  /**
   * Waits until there is at least one, for a while. `room` says how many it may be by then.
   *
   * @throws {ClaimRefused} when asking again is of no use
   */
  claim(room: () => number): Co<readonly Claim[]>;
  /** Answers when it is known for good; tries again for as long as that needs. */
  report(report: Report): Co<Verdict>;
  heartbeat(beat: Beat): Co<Verdict>;
  /** Jobs that were claimed, and that nobody is going to work on. */
  giveBack(claims: readonly Claim[]): Co<void>;
}
