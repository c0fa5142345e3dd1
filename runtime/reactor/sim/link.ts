import type { Random } from "../../collections/random.ts";
import type { Kernel } from "./kernel.ts";

/** How a link carries what is sent over it. */
export interface LinkOptions {
  /** How long a packet is under way, in milliseconds: always the same, or drawn between two. */
  readonly latency?: number | readonly [least: number, most: number];
  /** Bytes per millisecond; `Infinity` by default. */
  readonly bandwidth?: number;
  /** How likely a packet is lost on the way, from 0 to 1. */
  readonly loss?: number;
  /** How likely a datagram arrives twice. */
  readonly duplication?: number;
  /** How likely a write is taken in part, and a segment cut, although there is room for it. */
  readonly fragmentation?: number;
}

const NO_TROUBLE: LinkOptions = {};

/** On a machine of its own, a packet takes this long. */
export const LOOPBACK: LinkOptions = { latency: 0.02 };
/** Between two machines, where nothing else is said. */
export const NETWORK: LinkOptions = { latency: [0.5, 1.5], fragmentation: 1 / 16 };

/**
 * One direction of the way between two hosts.
 *
 * It decides when a packet arrives; what a loss means is for the protocol above: a datagram is
 * gone, a segment of TCP is sent again.
 */
export class Path {
  #kernel: Kernel;
  /** Its own, so that what happens elsewhere does not change what happens here. */
  #random: Random;
  #options: LinkOptions;
  /** What is different for a while. */
  #trouble: LinkOptions = NO_TROUBLE;
  #freeAt = 0;
  #shut = 0;

  constructor(kernel: Kernel, options: LinkOptions) {
    this.#kernel = kernel;
    this.#random = kernel.random.fork();
    this.#options = options;
  }

  /** Whether anything gets through. */
  get up(): boolean {
    return this.#shut === 0;
  }

  /** @throws {RangeError} when an option is no sensible number */
  change(options: LinkOptions): void {
    assertSensible(options);
    this.#options = { ...this.#options, ...options };
  }

  /** Lets nothing through, until as many `open` calls have come. */
  shut(): void {
    this.#shut++;
  }

  open(): void {
    this.#shut = Math.max(0, this.#shut - 1);
  }

  /** Is worse than usual in these respects; a later call takes the place of one before. */
  worsen(trouble: LinkOptions): void {
    this.#trouble = trouble;
  }

  recover(): void {
    this.#trouble = NO_TROUBLE;
  }

  /** Open, and as usual. */
  heal(): void {
    this.#shut = 0;
    this.recover();
  }

  /** When `bytes` that are sent now will arrive; each call occupies the link for that long. */
  arrival(bytes: number): number {
    const { bandwidth = Infinity } = this.#now;
    this.#freeAt = Math.max(this.#freeAt, this.#kernel.now) + bytes / bandwidth;
    return this.#freeAt + this.#latency();
  }

  /** Draws whether a packet gets lost. */
  loses(): boolean {
    const { loss = 0 } = this.#now;
    return loss > 0 && this.#random.chance(loss);
  }

  /** Draws whether a datagram is doubled. */
  doubles(): boolean {
    const { duplication = 0 } = this.#now;
    return duplication > 0 && this.#random.chance(duplication);
  }

  /** Draws how much of `bytes` goes in one piece: mostly all of it, at least one. */
  piece(bytes: number): number {
    const { fragmentation = 0 } = this.#now;
    if (bytes <= 1 || fragmentation === 0 || !this.#random.chance(fragmentation)) return bytes;
    return this.#random.between(1, bytes);
  }

  get #now(): LinkOptions {
    return this.#trouble === NO_TROUBLE ? this.#options : { ...this.#options, ...this.#trouble };
  }

  #latency(): number {
    const { latency = 0 } = this.#now;
    if (typeof latency === "number") return latency;
    const [least, most] = latency;
    return least + (most - least) * this.#random.float();
  }
}

function assertSensible({ latency = 0, bandwidth = 1, ...shares }: LinkOptions): void {
  const [least, most] = typeof latency === "number" ? [latency, latency] : latency;
  if (!(least >= 0 && most >= least && most < Infinity)) {
    throw new RangeError(`Expected a latency from 0 up, or two in order, got ${latency}`);
  }
  if (!(bandwidth > 0)) throw new RangeError(`Expected a bandwidth above 0, got ${bandwidth}`);
  for (const [name, share] of Object.entries(shares)) {
    if (!(share! >= 0 && share! <= 1)) {
      throw new RangeError(`Expected a ${name} from 0 to 1, got ${share}`);
    }
  }
}
