import { FloodBudget } from "./flood_budget.ts";

/** How many may be connected; a limit of 0 is none. */
export interface GateLimits {
  readonly maxClients: number;
  /** Of those, how many may be people who have not said anything yet. */
  readonly maxSilent: number;
  /** Of one address; undefined for the usual number, which does not hold for this machine's own. */
  readonly maxPerAddress: number | undefined;
  /** New connections a second of one address; undefined as above. */
  readonly connectRate: number | undefined;
}

export const USUAL_PER_ADDRESS = 50;
export const USUAL_CONNECT_RATE = 20;

/** How many seconds' worth of connections may come at once. */
const BURST_SECONDS = 2;
/** With more addresses than this, those that are quiet are forgotten. */
const MOST_QUIET_ADDRESSES = 1_024;
const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/;

/** What is known of one address. */
interface Origin {
  connections: number;
  readonly budget: FloodBudget | undefined;
}

/** Decides who may connect. Plain data, reads no clock. */
export class Gate {
  readonly #limits: GateLimits;
  #origins = new Map<string, Origin>();
  #clients = 0;
  #silent = 0;

  constructor(limits: GateLimits) {
    this.#limits = limits;
  }

  /** How many are inside. */
  get clients(): number {
    return this.#clients;
  }

  /** Lets somebody in who says nothing yet, or answers why not. */
  enter(address: string, now: number): string | undefined {
    const origin = this.#originOf(address, now);
    const why = this.#refusal(origin, address, now);
    if (why !== undefined) return why;
    origin.connections++;
    this.#clients++;
    this.#silent++;
  }

  /** Somebody has said something for the first time. */
  spoke(): void {
    this.#silent--;
  }

  /** Somebody has gone. */
  leave(address: string, hasSpoken: boolean): void {
    this.#clients--;
    if (!hasSpoken) this.#silent--;
    const origin = this.#origins.get(address);
    if (origin !== undefined) origin.connections--;
  }

  #refusal(origin: Origin, address: string, now: number): string | undefined {
    const { maxClients, maxSilent } = this.#limits;
    const perAddress = this.#perAddress(address);
    if (origin.budget?.tryTake(1, now) === false) {
      return "too many connections from your address in a short time: try again in some seconds";
    }
    if (perAddress > 0 && origin.connections >= perAddress) {
      return `there are ${perAddress} connections from your address: that is the limit`;
    }
    if (maxClients > 0 && this.#clients >= maxClients) {
      return `the server is full with ${maxClients} people: try again later`;
    }
    if (maxSilent > 0 && this.#silent >= maxSilent) {
      return "too many people are connected who say nothing: try again later";
    }
  }

  #originOf(address: string, now: number): Origin {
    const known = this.#origins.get(address);
    if (known !== undefined) return known;
    if (this.#origins.size >= MOST_QUIET_ADDRESSES) this.#forgetQuiet(now);
    const rate = this.#connectRate(address);
    const burst = rate * BURST_SECONDS;
    const budget = rate > 0 ? new FloodBudget({ rate, burst }, now) : undefined;
    const origin = { connections: 0, budget };
    this.#origins.set(address, origin);
    return origin;
  }

  #perAddress(address: string): number {
    return limitOf(this.#limits.maxPerAddress, USUAL_PER_ADDRESS, address);
  }

  #connectRate(address: string): number {
    return limitOf(this.#limits.connectRate, USUAL_CONNECT_RATE, address);
  }

  #forgetQuiet(now: number): void {
    for (const [address, { connections, budget }] of this.#origins) {
      if (connections === 0 && (budget?.isFull(now) ?? true)) this.#origins.delete(address);
    }
  }
}

/** A Unix socket has no addresses to tell apart. */
function limitOf(given: number | undefined, usual: number, address: string): number {
  if (address === "") return 0;
  return given ?? (LOOPBACK.test(address) ? 0 : usual);
}
