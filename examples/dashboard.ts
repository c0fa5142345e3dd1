/**
 * Requests are published once, and three who know nothing of each other follow them: a dashboard
 * that shows figures every second, a logger whose disk stalls now and then, and an alerter.
 *
 *   deno run examples/dashboard.ts        # ten seconds
 *   deno run examples/dashboard.ts 3      # three
 *
 * You see a line of figures each second, an alert when more than five requests have failed within
 * a minute, and how many events the logger has missed: a slow one holds back nobody, and its loss
 * is told.
 */

import { blockOn, type Co, EventBus, follow, interval, now, scope, sleep } from "wakeful/runtime";

const DEFAULT_SECONDS = 10;
const LONGEST_SECONDS = 3_600;
const MS_PER_SECOND = 1_000;
const MS_PER_MINUTE = 60_000;
/** From one request to the next, and which of them fail. */
const REQUEST_GAP_MS = 50;
const FAILS_EVERY = 8;
/** How far a follower may fall behind before it loses events. */
const KEPT = 16;
/** The logger's disk: how long a write takes, and one out of so many. */
const WRITE_MS = 1;
const STALLED_WRITE_MS = 1_510;
const STALLS_EVERY = 20;
const FAILURES_PER_MINUTE = 5;
const FIRST_SERVER_ERROR = 500;

interface Request {
  readonly status: number;
  readonly milliseconds: number;
}

export interface Topics {
  request: Request;
  alert: string;
}

type Bus = EventBus<Topics>;
type Print = (line: string) => void;

/** Publishes requests, half a gap beside the full second, then closes the bus. */
function* traffic(bus: Bus, seconds: number): Co<void> {
  yield* sleep(REQUEST_GAP_MS / 2);
  const gaps = interval(REQUEST_GAP_MS);
  const total = seconds * MS_PER_SECOND / REQUEST_GAP_MS;
  for (let n = 1; n <= total; n++) {
    yield* gaps.tick();
    const status = n % FAILS_EVERY === 0 ? 500 : 200;
    bus.publish("request", { status, milliseconds: 10 + n % FAILS_EVERY });
  }
  yield* sleep(REQUEST_GAP_MS);
  bus.close();
}

/** Shows what has come within each second. */
export function* dashboard(bus: Bus, seconds: number, print: Print): Co<void> {
  using requests = bus.subscribe("request");
  let seen: Request[] = [];
  yield* scope(function* (s) {
    s.spawn(follow(requests, {
      onEvent: (request) => void seen.push(request),
      onLag: (missed) => print(`dashboard: missed ${missed} requests`),
    }));
    const ticks = interval(MS_PER_SECOND, { immediate: false });
    for (let second = 1; second <= seconds; second++) {
      yield* ticks.tick();
      print(`dashboard: ${figures(seen)}`);
      seen = [];
    }
  });
}

function figures(requests: readonly Request[]): string {
  const failed = requests.filter(isFailure).length;
  const sum = requests.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const mean = requests.length === 0 ? "-" : (sum / requests.length).toFixed(1);
  return `${requests.length} requests, ${failed} failed, mean ${mean} ms`;
}

/** Writes each request to a disk that is slow now and then. */
export function* logger(bus: Bus, print: Print): Co<void> {
  using requests = bus.subscribe("request");
  let [written, missed] = [0, 0];
  yield* follow(requests, {
    onEvent: () => sleep(++written % STALLS_EVERY === 0 ? STALLED_WRITE_MS : WRITE_MS),
    onLag(lost) {
      missed += lost;
      print(`logger: missed ${lost} requests while the disk was busy`);
    },
  });
  print(`logger: ${written} requests written, ${missed} missed`);
}

/** Raises an alert when too many requests have failed within a minute, once a minute at most. */
export function* alerter(bus: Bus, print: Print): Co<void> {
  using requests = bus.subscribe("request");
  let failures: number[] = [];
  let quietUntil = -Infinity;
  yield* follow(requests, {
    onEvent(request) {
      if (!isFailure(request)) return;
      failures = [...failures.filter((at) => at > now() - MS_PER_MINUTE), now()];
      if (failures.length <= FAILURES_PER_MINUTE || now() < quietUntil) return;
      quietUntil = now() + MS_PER_MINUTE;
      bus.publish("alert", `${failures.length} requests have failed within a minute`);
    },
    onLag: (missed) => print(`alerter: missed ${missed} requests`),
  });
}

/** Shows the alerts, from whomever. */
function* pager(bus: Bus, print: Print): Co<void> {
  using alerts = bus.subscribe("alert");
  yield* follow(alerts, {
    onEvent: (alert) => print(`ALERT: ${alert}`),
    onLag: (missed) => print(`ALERT: ${missed} alerts were missed`),
  });
}

function isFailure(request: Request): boolean {
  return request.status >= FIRST_SERVER_ERROR;
}

/** Everything together, for so many seconds. */
export function* run(seconds: number, print: Print): Co<void> {
  using bus = new EventBus<Topics>({ capacity: KEPT });
  yield* scope(function* (s) {
    s.spawn(dashboard(bus, seconds, print));
    s.spawn(logger(bus, print));
    s.spawn(alerter(bus, print));
    s.spawn(pager(bus, print));
    s.spawn(traffic(bus, seconds));
  });
}

if (import.meta.main) {
  const [text = `${DEFAULT_SECONDS}`, ...more] = Deno.args;
  const seconds = Number(text);
  const isWhole = /^\d+$/.test(text) && seconds >= 1 && seconds <= LONGEST_SECONDS;
  if (!isWhole || more.length > 0) {
    const got = Deno.args.join(" ");
    console.error(`dashboard: expected seconds from 1 to ${LONGEST_SECONDS}, got "${got}"`);
    Deno.exit(2);
  }
  await blockOn(() => run(seconds, console.log));
}
