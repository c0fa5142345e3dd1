import { type Co, sleep } from "../../../runtime/mod.ts";
import type { Claim, Verdict } from "../model/command.ts";
import { StoreFailed } from "../store/store.ts";
import type { Backend, Beat, Report } from "./backend.ts";
import type { Keeper } from "./keeper.ts";

/** Whose jobs it takes, and how long for. */
export interface Worker {
  readonly worker: string;
  readonly types: readonly string[];
  readonly lease: number;
}

/** A claim that waits longer could have used up its lease before it is known here. */
const WAIT_SHARE = 0.5;
/** A store that could not do it is asked again after that. */
const AGAIN_AFTER_MS = 500;

/** Jobs from the store of this process. */
export class LocalBackend implements Backend {
  #keeper: Keeper;
  #as: Worker;

  constructor(keeper: Keeper, as: Worker) {
    this.#keeper = keeper;
    this.#as = as;
  }

  /** While the store fails, there is nothing to have: it waits as it does for jobs. */
  claim(room: () => number): Co<readonly Claim[]> {
    return this.#keeper.claim(this.#as, this.#as.lease * WAIT_SHARE, room);
  }

  *report(report: Report): Co<Verdict> {
    for (;;) {
      try {
        return yield* this.#keeper.do<"complete" | "fail">(report);
      } catch (error) {
        if (!(error instanceof StoreFailed)) throw error;
        yield* sleep(AGAIN_AFTER_MS);
      }
    }
  }

  *heartbeat(beat: Beat): Co<Verdict> {
    try {
      return yield* this.#keeper.do<"heartbeat">(beat);
    } catch (error) {
      if (!(error instanceof StoreFailed)) throw error;
      return "ok"; // nobody else can have it
    }
  }

  *giveBack(claims: readonly Claim[]): Co<void> {
    this.#keeper.giveBack(claims);
  }
}
