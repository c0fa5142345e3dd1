import { type Co, End, portable, sleep, spawn, type ThreadSelf } from "../../../runtime/mod.ts";
import type { EncodedMeter, Progress } from "../measure/meter.ts";
import { Fleet } from "./fleet.ts";
import type { PassEnd, PassSpec } from "./pass.ts";
import { clientOptions, type Setup } from "./setup.ts";
import type { Share } from "./work.ts";

/** What a thread of a run sends: how far it is, and what it has measured in the end. */
export type ThreadReport =
  | { readonly kind: "progress"; readonly progress: Progress }
  | { readonly kind: "end"; readonly end: PassEnd; readonly meter: EncodedMeter };

const PROGRESS_MS = 100;

/**
 * One thread of a run: it has so many clients, and does its share of each run it is sent. They keep
 * their connections from one run to the next.
 */
export const loadThread = portable(
  import.meta.url,
  function* loadThread(
    self: ThreadSelf<PassSpec, ThreadReport>,
    setup: Setup,
    clients: number,
    share: Share,
  ): Co<void> {
    using fleet = new Fleet(clientOptions(setup), clients);
    for (;;) {
      const spec = yield* self.recv();
      if (spec === End) return;
      const meter = fleet.newMeter(spec);
      const telling = spawn(tellProgress(self, fleet));
      const end = yield* fleet.runShare(spec, meter, self.stopping, share);
      telling.abort();
      yield* self.send({ kind: "end", end, meter: meter.encode() });
    }
  },
);

function* tellProgress(self: ThreadSelf<PassSpec, ThreadReport>, fleet: Fleet): Co<never> {
  for (;;) {
    yield* sleep(PROGRESS_MS);
    yield* self.send({ kind: "progress", progress: fleet.progress() });
  }
}
