import { Misuse } from "../core/errors.ts";
import type { Clock } from "./clock.ts";

/**
 * A clock that can be stopped, moved by hand, and set going again from where it stands.
 *
 * Both of its times stand still together, and move by the same amount.
 */
export class PausableClock implements Clock {
  readonly #source: Clock;
  /** How far it is ahead of its source on account of pauses; behind, when negative. */
  #ahead = { now: 0, wall: 0 };
  /** What it shows while it stands. */
  #shown: { now: number; wall: number } | undefined;

  constructor(source: Clock) {
    this.#source = source;
  }

  get paused(): boolean {
    return this.#shown !== undefined;
  }

  now(): number {
    return this.#shown?.now ?? this.#source.now() + this.#ahead.now;
  }

  wall(): number {
    return this.#shown?.wall ?? this.#source.wall() + this.#ahead.wall;
  }

  /** Stops it at the next whole millisecond, so that durations come out even; twice is a no-op. */
  pause(): void {
    this.#shown ??= { now: Math.ceil(this.now()), wall: this.wall() };
  }

  /** Sets it going from where it stands. */
  resume(): void {
    if (this.#shown === undefined) return;
    const { now, wall } = this.#shown;
    this.#ahead = { now: now - this.#source.now(), wall: wall - this.#source.wall() };
    this.#shown = undefined;
  }

  /**
   * Moves it forward while it stands.
   *
   * @throws {Misuse} when it was not paused
   * @throws {RangeError} when `milliseconds` is negative or no number
   */
  advance(milliseconds: number): void {
    if (this.#shown === undefined) {
      throw new Misuse("Cannot advance a running clock: pause() it first");
    }
    if (!(milliseconds >= 0)) {
      throw new RangeError(`Expected milliseconds from 0 up to advance by, got ${milliseconds}`);
    }
    this.#shown.now += milliseconds;
    this.#shown.wall += milliseconds;
  }
}
