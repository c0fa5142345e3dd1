import { type Co, now, sleep } from "../../runtime/mod.ts";
import { RuntimeFailure } from "../cli/errors.ts";
import type { LiveLine, Terminal } from "../cli/terminal.ts";
import { statusView } from "./api/views.ts";
import { DashboardPicture, type Status } from "./dashboard_picture.ts";
import type { Service } from "./engine/service.ts";

const EVERY_MS = 1_000;

/** Where a dashboard can be shown. @throws {RuntimeFailure} where it cannot */
export function liveLineOf({ live }: Terminal): LiveLine {
  if (live !== undefined) return live;
  throw new RuntimeFailure("a dashboard needs a terminal on stderr, and NO_COLOR unset");
}

/** Shows how a service of this process is, for ever. */
export function* showService(service: Service, live: LiveLine): Co<never> {
  return yield* showStatus(live, function* () {
    return statusView(service, yield* service.keeper.view(), now()) as unknown as Status;
  });
}

/** Shows what `look` answers, once a second, in the same place of the terminal. */
export function* showStatus(live: LiveLine, look: () => Co<Status>): Co<never> {
  const picture = new DashboardPicture();
  for (let shown = 0;;) {
    picture.add(yield* look());
    const lines = picture.lines(live.columns);
    redraw(live, lines, shown);
    shown = lines.length;
    yield* sleep(EVERY_MS);
  }
}

const CLEAR_REST = "\x1b[K";

/** The cursor stands in the last of the lines that were shown: up to the first, then over all. */
function redraw(live: LiveLine, lines: readonly string[], shown: number): void {
  const up = shown > 1 ? `\x1b[${shown - 1}A` : "";
  live.show(`${up}${lines.map((line) => line + CLEAR_REST).join("\r\n")}`);
}
