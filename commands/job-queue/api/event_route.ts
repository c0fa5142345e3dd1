import { type Co, End, MovedOn, moveOnAfter, race, sleep } from "../../../runtime/mod.ts";
import { type BodyWriter, encodeEvent, type HttpResponseInit } from "../../../net/mod.ts";
import { type Gap, nextEvent, waitingEvents } from "../engine/feed.ts";
import type { FeedEvent } from "../engine/service.ts";
import { readCount } from "./read_query.ts";
import type { Call } from "./route.ts";

/** A stream that says nothing for so long looks dead to what lies between. */
const QUIET_MS = 15_000;
/** Of what waits, how much goes out at once, and how long the next lot waits after a full one. */
const MOST_AT_ONCE = 256;
const REST_MS = 100;

/**
 * What happens, as server-sent events. A client gets some thousand a second at most; when more
 * happens it is told how many it has missed, so that those who watch do not slow down the work.
 */
export function* streamEvents({ service, request, query }: Call): Co<HttpResponseInit> {
  const job = readCount(query, "job");
  const isWanted = (event: FeedEvent | Gap) =>
    job === undefined || !("id" in event) || event.id === job;
  const stopped = () => endOf(request.stopping.cancelled());
  return {
    fields: { "Content-Type": "text/event-stream", "Cache-Control": "no-store" },
    *body(out: BodyWriter) {
      using feed = service.bus.subscribe("feed"); // not before: a HEAD has no body
      const next = () => race<FeedEvent | Gap | typeof End>(() => nextEvent(feed), stopped);
      yield* out.write(": events follow\n\n");
      for (;;) {
        const first = yield* moveOnAfter(QUIET_MS, next);
        if (first === End) return;
        if (first === MovedOn) {
          yield* out.write(": nothing happens\n\n");
          continue;
        }
        const events = [first, ...waitingEvents(feed, MOST_AT_ONCE)];
        const text = events.filter(isWanted).map(encoded).join("");
        if (text !== "") yield* out.write(text);
        if (events.length > MOST_AT_ONCE) yield* sleep(REST_MS);
      }
    },
  };
}

/** All who listen get the same text. */
const texts = new WeakMap<FeedEvent | Gap, string>();

function encoded(event: FeedEvent | Gap): string {
  let text = texts.get(event);
  if (text === undefined) {
    text = encodeEvent({ event: event.event, data: JSON.stringify(event) });
    texts.set(event, text);
  }
  return text;
}

function* endOf(cancelled: Iterable<void, unknown>): Co<typeof End> {
  yield* cancelled;
  return End;
}
