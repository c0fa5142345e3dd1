/** The service itself: how it is, what happens in it, what it can do. */

import { now } from "../../../runtime/mod.ts";
import { HEALTH, STATUS } from "./answer_schemas.ts";
import { jsonAnswer, textAnswer } from "./answers.ts";
import { streamEvents } from "./event_route.ts";
import { healthOf } from "./health.ts";
import { metricsText } from "./metrics.ts";
import type { Route } from "./route.ts";
import { statusView } from "./views.ts";

const UNAVAILABLE = 503;

export const SERVICE_ROUTES: readonly Route[] = [
  {
    method: "GET",
    path: "/status",
    about: "How many jobs are where, and how fast they go.",
    answers: { 200: "the numbers" },
    gives: { 200: STATUS },
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
    handle: streamEvents,
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
    gives: { 200: HEALTH, 503: HEALTH },
    isOpen: true, // whoever watches over the service has none
    *handle({ service }) {
      const health = healthOf(service);
      return jsonAnswer(health, health.status === "ok" ? undefined : UNAVAILABLE);
    },
  },
];
