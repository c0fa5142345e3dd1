import { type Co, End, type EventBus, sleep, timeout } from "../../../runtime/mod.ts";
import { type Gap, nextEvent, waitingEvents } from "./feed.ts";
import type { Alarm, Topics } from "./service.ts";

/** What comes within this time goes out together: a flood of dead jobs is one message. */
const GATHER_MS = 1_000;
const MOST_AT_ONCE = 100;
/** A hook that takes longer is given up. */
const PATIENCE_MS = 10_000;
/** Between attempts; after the last of them it is told, and forgotten. */
const RESTS_MS: readonly number[] = [1_000, 5_000];

/** What a hook is told. */
export interface Alert {
  readonly text: string;
  readonly events: readonly (Alarm | Gap)[];
}

/** Tells a hook what somebody should look at, until the bus is closed. */
export function* alertAbout(
  bus: EventBus<Topics>,
  send: (alert: Alert) => Co<unknown>,
  onError: (error: unknown) => void,
): Co<void> {
  using alarms = bus.subscribe("alarms");
  for (let next = yield* nextEvent(alarms); next !== End; next = yield* nextEvent(alarms)) {
    yield* sleep(GATHER_MS);
    const events = [next, ...waitingEvents(alarms, MOST_AT_ONCE)];
    try {
      yield* insist(() => send({ text: textOf(events), events }));
    } catch (error) {
      onError(error);
    }
  }
}

function* insist(send: () => Co<unknown>): Co<void> {
  for (const rest of RESTS_MS) {
    try {
      yield* timeout(PATIENCE_MS, send());
      return;
    } catch {
      yield* sleep(rest);
    }
  }
  yield* timeout(PATIENCE_MS, send());
}

/** `2 JobDead, 1 WorkerCrashed: no such file` */
function textOf(events: Alert["events"]): string {
  const counts = new Map<string, number>();
  for (const { event } of events) counts.set(event, (counts.get(event) ?? 0) + 1);
  const kinds = [...counts].map(([event, count]) => `${count} ${event}`).join(", ");
  const last = events.findLast((event) => "error" in event && event.error !== undefined);
  return last !== undefined && "error" in last ? `${kinds}: ${last.error}` : kinds;
}
