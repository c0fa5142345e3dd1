import { type Co, End, type EventBus } from "../../../runtime/mod.ts";
import type { TextFile } from "../../cli/terminal.ts";
import { nextEvent, waitingEvents } from "./feed.ts";
import type { Topics } from "./service.ts";

/** Of what waits, how much goes into one write. */
const MOST_LINES = 1_000;

/** Writes everything that happens to a file, an object in JSON a line, until the bus is closed. */
export function* logEvents(
  bus: EventBus<Topics>,
  file: TextFile,
  onError: (error: unknown) => void,
): Co<void> {
  using feed = bus.subscribe("feed");
  for (let next = yield* nextEvent(feed); next !== End; next = yield* nextEvent(feed)) {
    const lines = [next, ...waitingEvents(feed, MOST_LINES)];
    try {
      file.write(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    } catch (error) {
      onError(error); // the queue goes on when its log cannot be written
    }
  }
}
