import type { Random } from "../../collections/random.ts";

/** What can go wrong with a world. */
export type FaultKind =
  /** Nothing gets through between two hosts, in either direction. */
  | "partition"
  /** Nothing gets through from one host to another. */
  | "one-way"
  /** Packets between two hosts take long, and some are lost. */
  | "bad-link"
  /** The process ends at once, and starts again at the end of the fault. */
  | "crash"
  /** The power is cut, and comes back at the end of the fault. */
  | "power"
  /** The process stands still. */
  | "pause"
  /** The time of day jumps. */
  | "clock-jump";

/** One thing that goes wrong, for a while. */
export interface Fault {
  readonly kind: FaultKind;
  /** Milliseconds since the beginning of the simulation. */
  readonly at: number;
  readonly until: number;
  /** The one it happens to, or the two it happens between. */
  readonly hosts: readonly string[];
}

export interface ChaosOptions {
  /** The hosts whose processes may suffer. */
  readonly hosts?: readonly string[];
  /** The pairs whose links may suffer; every pair of `hosts` by default. */
  readonly links?: readonly (readonly [string, string])[];
  /** What may go wrong; everything by default. */
  readonly kinds?: readonly FaultKind[];
  /** From when on, not before now, and until when all is well again, in milliseconds. */
  readonly from?: number;
  readonly until: number;
  /** How long it is from the beginning of one fault to that of the next. */
  readonly every?: readonly [least: number, most: number];
  /** How long a fault lasts. */
  readonly lasting?: readonly [least: number, most: number];
}

const EVERY_MS = [100, 2_000] as const;
const LASTING_MS = [10, 3_000] as const;
const LINK_FAULTS: readonly FaultKind[] = ["partition", "one-way", "bad-link"];
const HOST_FAULTS: readonly FaultKind[] = ["crash", "power", "pause", "clock-jump"];

/** Draws what goes wrong, and when. It depends on the random numbers alone, not on the programs. */
export function drawFaults(options: ChaosOptions, random: Random): Fault[] {
  const { hosts = [], from = 0, until, every = EVERY_MS, lasting = LASTING_MS } = options;
  const links = options.links ?? pairsOf(hosts);
  const kinds = (options.kinds ?? [...LINK_FAULTS, ...HOST_FAULTS])
    .filter((kind) => (LINK_FAULTS.includes(kind) ? links : hosts).length > 0);
  const faults: Fault[] = [];
  if (kinds.length === 0) return faults;
  for (let at = from + random.between(...every); at < until; at += random.between(...every)) {
    const kind = random.pick(kinds);
    const where = LINK_FAULTS.includes(kind)
      ? shuffled(random.pick(links), random)
      : [random.pick(hosts)];
    faults.push({
      kind,
      at,
      until: Math.min(at + random.between(...lasting), until),
      hosts: where,
    });
  }
  return faults;
}

/** A fault for people. */
export function showFault({ kind, at, until, hosts }: Fault): string {
  return `${kind} of ${hosts.join(" and ")} from ${at} to ${until} ms`;
}

function pairsOf(hosts: readonly string[]): [string, string][] {
  return hosts.flatMap((one, i) =>
    hosts.slice(i + 1).map((other): [string, string] => [one, other])
  );
}

function shuffled([one, other]: readonly [string, string], random: Random): [string, string] {
  return random.chance(0.5) ? [one, other] : [other, one];
}
