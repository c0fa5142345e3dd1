import { sysError } from "./errors.ts";
import {
  EFD_CLOEXEC,
  EFD_NONBLOCK,
  EPOLL_CLOEXEC,
  EPOLL_CTL_ADD,
  EPOLL_CTL_DEL,
  EPOLLET,
  EPOLLIN,
  EPOLLOUT,
  EPOLLRDHUP,
  errno,
  EVENT_DATA_WORD,
  EVENT_WORDS,
  type Libc,
  loadLibc,
  POLLIN,
} from "./libc.ts";

/** Something with a descriptor that events are for. */
export interface Pollable {
  /** Tells the descriptor's present owner from those that had its number before. */
  readonly generation: number;
  onEvents(bits: number): void;
}

/** What no call takes for one. */
export const NO_DESCRIPTOR = -1;

/** How many events one look can bring; the rest comes with the next look. */
const MOST_EVENTS = 256;
const COUNTER_BYTES = 8;
const MS_PER_SECOND = 1_000;
const NS_PER_MS = 1_000_000;
/** What nobody reads, and old kernels want nevertheless. */
const NO_EVENT = new Uint8Array(EVENT_WORDS * Int32Array.BYTES_PER_ELEMENT);
const BOTH_WAYS = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;

/**
 * One epoll instance and who its events are for.
 *
 * Edge-triggered, for both directions at once: a descriptor is added when it is made and leaves
 * when it is closed, with no call in between. The kernel hands back 64 bits with each event:
 * number and generation of the descriptor, so that an event for one that was closed, or whose
 * number has been taken by another since, finds nobody.
 */
export class Poller {
  readonly libc: Libc;
  #epoll: number;
  /** Written to end a wait from outside, also from another thread; nobody's any more after `end`. */
  readonly wakeFd: number;
  #sources: (Pollable | undefined)[] = [];
  #lastGeneration = 0;
  #events = new Int32Array(MOST_EVENTS * EVENT_WORDS);
  #counter = new Uint8Array(COUNTER_BYTES);
  #one = new Uint8Array(new BigUint64Array([1n]).buffer);
  #bytes: Uint8Array<ArrayBuffer>;
  /** A `struct pollfd` for the epoll instance: it is readable when there are events. */
  #asked: Int32Array<ArrayBuffer>;
  /** A `struct timespec`. */
  #limit = new BigInt64Array(2);

  /** @throws {DriverUnavailable} */
  constructor() {
    const { libc } = loadLibc();
    this.libc = libc;
    this.#bytes = new Uint8Array(this.#events.buffer);
    this.#epoll = checked("make an epoll instance", libc.epoll_create1(EPOLL_CLOEXEC));
    this.#asked = new Int32Array([this.#epoll, POLLIN]);
    try {
      this.wakeFd = checked("make an eventfd", libc.eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
      const onEvents = () => void libc.read(this.wakeFd, this.#counter, COUNTER_BYTES);
      this.add(this.wakeFd, (generation) => ({ generation, onEvents }), EPOLLIN | EPOLLET);
    } catch (error) {
      libc.close(this.#epoll);
      throw error;
    }
  }

  /**
   * Adds a descriptor with whoever its events are for; answers that. The descriptor is the poller's
   * from here on: when this fails, it is closed.
   */
  add<P extends Pollable>(fd: number, make: (generation: number) => P, interest = BOTH_WAYS): P {
    const generation = this.#lastGeneration = (this.#lastGeneration + 1) | 0;
    const event = new Int32Array(EVENT_WORDS);
    event[0] = interest;
    event[EVENT_DATA_WORD] = fd;
    event[EVENT_DATA_WORD + 1] = generation;
    const bytes = new Uint8Array(event.buffer);
    try {
      checked("watch a descriptor", this.libc.epoll_ctl(this.#epoll, EPOLL_CTL_ADD, fd, bytes));
      const source = make(generation);
      this.#sources[fd] = source;
      return source;
    } catch (error) {
      this.close(fd);
      throw error;
    }
  }

  /** Another object with the same generation is the descriptor's owner now. */
  handOver(fd: number, source: Pollable): void {
    this.#sources[fd] = source;
  }

  /** Ends the watch of a descriptor that goes on elsewhere. */
  release(fd: number): void {
    this.#sources[fd] = undefined;
    checked(
      "give a descriptor away",
      this.libc.epoll_ctl(this.#epoll, EPOLL_CTL_DEL, fd, NO_EVENT),
    );
  }

  /** Closes a descriptor, and with it ends the watch. */
  close(fd: number): void {
    this.#sources[fd] = undefined;
    this.libc.close(fd);
  }

  /** Hands out events; if there are none, waits for some, for at most so long. Answers how many. */
  collect(milliseconds: number): number {
    const count = this.libc.epoll_wait(this.#epoll, this.#bytes, MOST_EVENTS, milliseconds);
    this.#handOut(this.#events, count);
    return count;
  }

  /**
   * Waits on another thread until there are events, or for at most so long; `collect` then hands
   * them out. Unlike `epoll_wait` this does not wait whole milliseconds only.
   */
  async wait(milliseconds: number): Promise<void> {
    const limit = milliseconds === Infinity ? null : this.#timespec(milliseconds);
    await this.libc.ppoll_elsewhere(this.#asked, 1n, limit, null);
  }

  /** Ends a wait. */
  wake(): void {
    this.libc.write(this.wakeFd, this.#one, COUNTER_BYTES);
  }

  /** Gives both descriptors of its own back; no wait may be going on. */
  end(): void {
    this.close(this.wakeFd);
    this.libc.close(this.#epoll);
    this.#epoll = NO_DESCRIPTOR; // its number may be another's soon
  }

  #timespec(milliseconds: number): BigInt64Array<ArrayBuffer> {
    const seconds = Math.floor(milliseconds / MS_PER_SECOND);
    this.#limit[0] = BigInt(seconds);
    this.#limit[1] = BigInt(Math.ceil((milliseconds - seconds * MS_PER_SECOND) * NS_PER_MS));
    return this.#limit;
  }

  #handOut(events: Int32Array, count: number): void {
    for (let i = 0, at = 0; i < count; i++, at += EVENT_WORDS) {
      const source = this.#sources[events[at + EVENT_DATA_WORD]];
      if (source?.generation !== events[at + EVENT_DATA_WORD + 1]) continue;
      try {
        source.onEvents(events[at]);
      } catch (error) { // the other events come only once: they may not be lost
        reportError(error);
      }
    }
  }
}

/** @throws {IoError} when the call answered less than zero */
export function checked(doing: string, result: number): number {
  if (result < 0) throw sysError(doing, errno());
  return result;
}
