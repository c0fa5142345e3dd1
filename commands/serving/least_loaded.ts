/** The seat with the least load; among equals the one that comes next after `last`. */
export function leastLoaded(loads: readonly number[], last: number): number {
  let best = (last + 1) % loads.length;
  for (let i = 2; i <= loads.length; i++) {
    const seat = (last + i) % loads.length;
    if (loads[seat] < loads[best]) best = seat;
  }
  return best;
}
