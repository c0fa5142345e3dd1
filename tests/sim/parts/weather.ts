import type { ChaosOptions, FaultKind, LinkOptions, World } from "wakeful/testing";

type Trouble = Pick<ChaosOptions, "every" | "lasting" | "kinds">;

/** How links are in one run, and how often and for how long things go wrong. */
interface Weather {
  readonly link: LinkOptions;
  readonly trouble: Trouble;
}

/** Faults that a connection survives, and then shows what they did to it. */
const GENTLE: readonly FaultKind[] = ["partition", "one-way", "bad-link", "pause", "clock-jump"];

const WEATHERS: readonly Weather[] = [
  { link: {}, trouble: {} },
  { link: { fragmentation: 0.5 }, trouble: { every: [50, 1_000], lasting: [1, 200] } },
  {
    link: { latency: [0, 40], loss: 0.02 },
    trouble: { every: [300, 1_000], lasting: [500, 2_000] },
  },
  { link: { bandwidth: 100, latency: 5 }, trouble: { every: [500, 4_000] } },
  { link: { latency: 0 }, trouble: { every: [20, 600], lasting: [1, 50] } },
];

/** Draws the weather between these hosts; answers what trouble belongs to it. */
export function drawWeather(world: World, hosts: readonly string[]): Trouble {
  const { link, trouble } = world.random.pick(WEATHERS);
  hosts.forEach((one, i) => hosts.slice(i + 1).forEach((other) => world.link(one, other, link)));
  return world.random.chance(0.5) ? { ...trouble, kinds: GENTLE } : trouble;
}
