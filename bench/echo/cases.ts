/** What is measured, and what the drivers of wakeful have to reach in it. */
import type { Bar } from "./bars.ts";
import { BASELINE, BUN, DENO_DRIVER, DENO_LISTEN, EPOLL, TOKIO } from "./lineup.ts";

/** Messages that go there and back as fast as they can. */
export interface LoadCase {
  name: string;
  connections: number;
  bytes: number;
  bars: Bar[];
}

/** Connections that are held and silent. */
export interface IdleCase {
  name: string;
  held: number;
  bars: Bar[];
}

export type Case = LoadCase | IdleCase;

const SMALL = 64;
const LARGE = 16 * 1024;
const KIB = 1024;
/** In a usual second; in a rare one a timer may be due, or the engine collect its garbage. */
const NO_WAKE_UPS = 0;

function trips(limit: number, times: string): Bar {
  return { metric: "roundTripsPerSecond", title: "rt/s", is: "≥", limit, times };
}

const busy: Bar[] = [
  trips(0.95, BASELINE),
  { metric: "cpuUs", title: "CPU", is: "≤", limit: 1.1, times: BASELINE },
  trips(1, TOKIO),
  trips(1.15, BUN),
  trips(1.2, DENO_LISTEN),
  { metric: "userUs", title: "user", is: "≤", limit: 0.4 },
];

function light(on: string, kib: number): Bar[] {
  const limit = kib * KIB;
  return [
    { metric: "heldBytes", title: "idle", is: "≤", limit, on },
    { metric: "echoedBytes", title: "echoed", is: "≤", limit, on },
    { metric: "usualWakeUps", title: "wake-ups", is: "≤", limit: NO_WAKE_UPS, on },
  ];
}

export const cases: Case[] = [
  {
    name: "1",
    connections: 1,
    bytes: SMALL,
    bars: [{ metric: "p50Us", title: "p50", is: "≤", limit: 1, times: DENO_LISTEN }],
  },
  { name: "50", connections: 50, bytes: SMALL, bars: busy },
  { name: "500", connections: 500, bytes: SMALL, bars: busy },
  { name: "2000", connections: 2000, bytes: SMALL, bars: [trips(0.9, BASELINE)] },
  { name: "16k", connections: 50, bytes: LARGE, bars: [trips(0.9, BASELINE)] },
  { name: "idle", held: 10_000, bars: [...light(EPOLL, 1.5), ...light(DENO_DRIVER, 6)] },
];
