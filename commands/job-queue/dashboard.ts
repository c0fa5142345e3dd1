import { type Co, now, sleep } from "../../runtime/mod.ts";
import { RuntimeFailure } from "../cli/errors.ts";
import type { Live } from "../cli/live.ts";
import type { Terminal } from "../cli/terminal.ts";
import { statusView } from "./api/views.ts";
import { DashboardPicture, type Status } from "./dashboard_picture.ts";
import type { Service } from "./engine/service.ts";

const EVERY_MS = 1_000;

/** Where a dashboard can be shown. @throws {RuntimeFailure} where it cannot */
export function liveOf({ live }: Terminal): Live {
  if (live !== undefined) return live;
  throw new RuntimeFailure("a dashboard needs a terminal on stderr, and NO_COLOR unset");
}

/** Shows how a service of this process is, for ever. */
export function* showService(service: Service, live: Live): Co<never> {
  return yield* showStatus(live, function* () {
    return statusView(service, yield* service.keeper.view(), now()) as unknown as Status;
  });
}

/** Shows what `look` answers, once a second, in the same place of the terminal, and leaves the last there. */
export function* showStatus(live: Live, look: () => Co<Status>): Co<never> {
  const picture = new DashboardPicture();
  try {
    for (;;) {
      picture.add(yield* look());
      live.show(picture.lines(live.columns));
      yield* sleep(EVERY_MS);
    }
  } finally {
    live.leave();
  }
}
