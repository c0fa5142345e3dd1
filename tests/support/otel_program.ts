/** Traces an order to OpenTelemetry, under a clock that moves a millisecond per look. */

import { blockOn, Logger, sleep, spawn, Tracer } from "wakeful/runtime";
import { OtelLayer } from "wakeful/otel";

let time = 1_000;
const clock = { now: () => ++time, wall: () => ++time };
const log = new Logger("shop", new Tracer({ clock, layers: [new OtelLayer()] }));

function* pack(thing: string) {
  yield* sleep(1);
  log.info("packed", { thing, grams: 125 });
}

function* order() {
  yield* log.span("pack", { thing: "tea" }).scope(() => pack("tea"));
  const ship = log.span("ship", {}, "debug");
  const shipping = spawn(ship.scope(function* () {
    yield* sleep(1);
    throw new RangeError("no such street");
  }));
  try {
    yield* shipping;
  } catch {
    log.currentSpan()?.record({ shipped: false });
  }
}

await blockOn(() => log.span("order", { order: 7 }).scope(order));
