import {
  type BroadcastReceiver,
  type Co,
  End,
  type Item,
  Lagged,
  Pending,
} from "../../../runtime/mod.ts";

/** So many were missed, because whoever listens was too slow. */
export interface Gap {
  readonly event: "Lagged";
  readonly missed: number;
}

/** The next event of a subscription, the gap before it, or the end. */
export function* nextEvent<T>(feed: BroadcastReceiver<T>): Co<Item<T> | Gap> {
  try {
    return yield* feed.recv();
  } catch (error) {
    return gapOf(error);
  }
}

/** What is there already, `most` of it at most. */
export function waitingEvents<T>(feed: BroadcastReceiver<T>, most: number): (T | Gap)[] {
  const events: (T | Gap)[] = [];
  while (events.length < most) {
    const next = taken(feed);
    if (next === End || next === Pending) break;
    events.push(next);
  }
  return events;
}

function taken<T>(feed: BroadcastReceiver<T>): Item<T> | Gap | typeof Pending {
  try {
    return feed.tryRecv();
  } catch (error) {
    return gapOf(error);
  }
}

function gapOf(error: unknown): Gap {
  if (error instanceof Lagged) return { event: "Lagged", missed: error.missed };
  throw error;
}
