/** The service itself: how it is, what happens in it, what it can do. */

import { type Co, End, Lagged, MovedOn, moveOnAfter, now, race } from "../../../runtime/mod.ts";
import { eventStream, type EventWriter, type HttpResponseInit } from "../../../net/mod.ts";
import type { FeedEvent } from "../engine/service.ts";
import { jsonAnswer, textAnswer } from "./answers.ts";
import { healthOf } from "./health.ts";
import { metricsText } from "./metrics.ts";
import type { Call, Route } from "./route.ts";
import { statusView } from "./views.ts";

/** A stream that says nothing for so long looks dead to what lies between. */
const QUIET_MS = 15_000;
const UNAVAILABLE = 503;

export const SERVICE_ROUTES: readonly Route[] = [
  {
    method: "GET",
    path: "/status",
    about: "How many jobs are where, and how fast they go.",
    answers: { 200: "the numbers" },
    *handle({ service }) {
      return jsonAnswer(statusView(service, yield* service.keeper.view(), now()));
    },
  },
  {
    method: "GET",
    path: "/events",
    about: "Everything that happens, as server-sent events. Who is too slow is told how many it " +
      "has missed.",
    query: { job: "only events of the job of this id" },
    answers: { 200: "the stream" },
    handle: events,
  },
  {
    method: "GET",
    path: "/metrics",
    about: "The numbers, as Prometheus reads them.",
    answers: { 200: "the text" },
    *handle({ service }) {
      const text = metricsText(service, yield* service.keeper.view(), now());
      return textAnswer("text/plain; version=0.0.4; charset=utf-8", text);
    },
  },
  {
    method: "GET",
    path: "/healthz",
    about: "Whether it works, not only whether it is there; needs no token.",
    answers: { 200: "it does", 503: "why not" },
    *handle({ service }) {
      const health = healthOf(service);
      return jsonAnswer(health, health.status === "ok" ? undefined : UNAVAILABLE);
    },
  },
];

function* events({ service, request, query }: Call): Co<HttpResponseInit> {
  const feed = service.bus.subscribe("feed");
  const job = Number(query.get("job") ?? 0);
  const isWanted = (event: FeedEvent) => job === 0 || "id" in event && event.id === job;
  return eventStream(function* (out) {
    using _unsubscribed = feed;
    yield* out.comment("events follow");
    const next = () => nextOf(feed);
    const stopped = () => stoppedBy(request.stopping.cancelled());
    for (;;) {
      const event = yield* moveOnAfter(
        QUIET_MS,
        () => race<FeedEvent | number | typeof End>(next, stopped),
      );
      if (event === End) return;
      if (event === MovedOn) yield* out.comment("nothing happens");
      else if (typeof event === "number") yield* out.send(lagged(event));
      else if (isWanted(event)) yield* tell(out, event);
    }
  });
}

type Feed = ReturnType<Call["service"]["bus"]["subscribe"]>;

function* nextOf(feed: Feed): Co<FeedEvent | number | typeof End> {
  try {
    return yield* feed.recv();
  } catch (error) {
    if (error instanceof Lagged) return error.missed;
    throw error;
  }
}

function* stoppedBy(cancelled: Iterable<void, unknown>): Co<typeof End> {
  yield* cancelled;
  return End;
}

function tell(out: EventWriter, event: FeedEvent): Co<void> {
  return out.send({ event: event.event, data: JSON.stringify(event) });
}

function lagged(missed: number) {
  return { event: "Lagged", data: JSON.stringify({ missed }) };
}
