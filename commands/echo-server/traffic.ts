import { type Co, type Fields, type Logger, now, sleep } from "../../runtime/mod.ts";
import type { Figures } from "../serving/figures.ts";

const CONNECTIONS = 0;
const BYTES_IN = 1;
const BYTES_OUT = 2;
/** How many numbers a thread counts. */
export const TRAFFIC_COLUMNS = 3;

/** What there is to know of the traffic: a thread's own, or all threads' together. */
export interface TrafficFigures {
  readonly connections: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** What the server is doing and has done so far, in memory that may be shared. */
export class Traffic implements TrafficFigures {
  readonly #row: Float64Array;

  constructor(row: Float64Array = new Float64Array(TRAFFIC_COLUMNS)) {
    this.#row = row;
  }

  get connections(): number {
    return this.#row[CONNECTIONS];
  }

  set connections(count: number) {
    this.#row[CONNECTIONS] = count;
  }

  get bytesIn(): number {
    return this.#row[BYTES_IN];
  }

  set bytesIn(count: number) {
    this.#row[BYTES_IN] = count;
  }

  get bytesOut(): number {
    return this.#row[BYTES_OUT];
  }

  set bytesOut(count: number) {
    this.#row[BYTES_OUT] = count;
  }
}

/** The traffic of all threads. */
export class TotalTraffic implements TrafficFigures {
  readonly #figures: Figures;

  constructor(figures: Figures) {
    this.#figures = figures;
  }

  get connections(): number {
    return this.#figures.sum(CONNECTIONS);
  }

  get bytesIn(): number {
    return this.#figures.sum(BYTES_IN);
  }

  get bytesOut(): number {
    return this.#figures.sum(BYTES_OUT);
  }
}

/** What changed between two looks at the traffic. */
export class TrafficReport {
  #traffic: TrafficFigures;
  #bytesIn = 0;
  #bytesOut = 0;

  constructor(traffic: TrafficFigures) {
    this.#traffic = traffic;
  }

  /** Connections, and bytes per second over the `seconds` since the last look. */
  next(seconds: number): Fields {
    const { connections, bytesIn, bytesOut } = this.#traffic;
    const fields = {
      connections,
      in: perSecond(bytesIn - this.#bytesIn, seconds),
      out: perSecond(bytesOut - this.#bytesOut, seconds),
    };
    this.#bytesIn = bytesIn;
    this.#bytesOut = bytesOut;
    return fields;
  }
}

const REPORT_INTERVAL_MS = 1_000;
const MS_PER_SECOND = 1_000;

/** Tells the traffic once a second, for ever. */
export function* reportTraffic(traffic: TrafficFigures, log: Logger): Co<never> {
  const report = new TrafficReport(traffic);
  for (let last = now();;) {
    yield* sleep(REPORT_INTERVAL_MS);
    const at = now();
    log.info("traffic", report.next((at - last) / MS_PER_SECOND));
    last = at;
  }
}

function perSecond(bytes: number, seconds: number): string {
  return `${Math.round(bytes / seconds)}B/s`;
}
