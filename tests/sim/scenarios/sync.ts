import { type Co, scope } from "wakeful/runtime";
import type { Scenario } from "../scenario.ts";
import { broadcastDrill } from "../drills/broadcast.ts";
import { mutexDrill, rwLockDrill, semaphoreDrill } from "../drills/locks.ts";
import { barrierDrill, notifyDrill, onceCellDrill } from "../drills/meetings.ts";
import { mpscDrill } from "../drills/mpsc.ts";
import { oneshotDrill } from "../drills/oneshot.ts";
import { watchDrill } from "../drills/watch.ts";

const DRILLS: Readonly<Record<string, () => Co<void>>> = {
  mpsc: mpscDrill,
  oneshot: oneshotDrill,
  broadcast: broadcastDrill,
  watch: watchDrill,
  mutex: mutexDrill,
  "rw lock": rwLockDrill,
  semaphore: semaphoreDrill,
  notify: notifyDrill,
  barrier: barrierDrill,
  "once cell": onceCellDrill,
};

const ROUNDS = 5;

/** All drills at once, so that they also get in each other's way. */
export const scenario: Scenario = {
  name: "sync",
  about: "every channel and lock, with tasks killed at any moment, against their ledgers",
  limit: 10_000,
  *run(world) {
    const host = world.host("drills", () =>
      scope(function* (s) {
        for (const [name, drill] of Object.entries(DRILLS)) {
          s.spawn(() => again(drill), { name });
        }
      }));
    yield* host.outcome();
  },
};

function* again(drill: () => Co<void>): Co<void> {
  for (let round = 0; round < ROUNDS; round++) yield* drill();
}
