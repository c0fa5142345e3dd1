/** Where a runtime's time comes from. */
export interface Clock {
  /** Milliseconds since some moment, never going back: for deadlines and durations. */
  now(): number;
  /** Milliseconds since 1970, which may jump: for telling people when. */
  wall(): number;
}

/** The platform's clocks. */
export const realClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
};
