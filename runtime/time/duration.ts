/** @throws {RangeError} when `milliseconds` is not a number */
export function assertDuration(milliseconds: number): void {
  if (Number.isNaN(milliseconds)) throw new RangeError("Expected milliseconds, got NaN");
}
