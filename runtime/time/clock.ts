/** Where a runtime's time comes from: milliseconds since some moment, never going back. */
export interface Clock {
  now(): number;
}

/** The platform's monotonic clock. */
export const realClock: Clock = {
  now: () => performance.now(),
};
