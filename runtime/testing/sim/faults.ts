import type { Random } from "../../collections/random.ts";
import type { LinkOptions, Path } from "../../reactor/sim/link.ts";
import type { Fault, FaultKind } from "./chaos.ts";
import type { Host } from "./host.ts";

/** A link in trouble. */
const BAD_LINK: LinkOptions = { latency: [50, 1_000], loss: 0.1, duplication: 0.05 };
/** How far the time of day jumps, in milliseconds, either way. */
const CLOCK_JUMP_MS = 3_600_000;

/** Where faults happen. */
export interface Scene {
  readonly random: Random;
  host(name: string): Host;
  paths(one: string, other: string): [Path, Path];
}

/** Lets a fault begin; answers how it ends. */
type Begin = (scene: Scene, first: string, second: string) => () => void;

const FAULTS: Readonly<Record<FaultKind, Begin>> = {
  partition: (scene, one, other) => {
    const paths = scene.paths(one, other);
    paths.forEach((path) => path.shut());
    return () => paths.forEach((path) => path.open());
  },
  "one-way": (scene, from, to) => {
    const [path] = scene.paths(from, to);
    path.shut();
    return () => path.open();
  },
  "bad-link": (scene, one, other) => {
    const paths = scene.paths(one, other);
    paths.forEach((path) => path.worsen(BAD_LINK));
    return () => paths.forEach((path) => path.recover());
  },
  crash: (scene, name) => {
    const host = scene.host(name);
    host.crash();
    return () => startAgain(host);
  },
  power: (scene, name) => {
    const host = scene.host(name);
    host.powerOff();
    return () => startAgain(host);
  },
  pause: (scene, name) => {
    const host = scene.host(name);
    host.pause();
    return () => host.resume();
  },
  "clock-jump": (scene, name) => {
    scene.host(name).jumpWallClock(scene.random.between(-CLOCK_JUMP_MS, CLOCK_JUMP_MS));
    return () => {};
  },
};

export function beginFault({ kind, hosts: [first, second] }: Fault, scene: Scene): () => void {
  return FAULTS[kind](scene, first, second);
}

/** Another fault may have started it already. */
function startAgain(host: Host): void {
  if (!host.running) host.start();
}
