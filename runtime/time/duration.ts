/** @throws {RangeError} when `milliseconds` is not a number, whatever its type says */
export function assertDuration(milliseconds: number): void {
  if (typeof milliseconds !== "number" || Number.isNaN(milliseconds)) {
    throw new RangeError(`Expected a number of milliseconds, got ${milliseconds}`);
  }
}
