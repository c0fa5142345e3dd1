import type { Kernel } from "./kernel.ts";
import { LOOPBACK, NETWORK, Path } from "./link.ts";

/** Something with a name and an address. */
export interface Node {
  readonly name: string;
  readonly ip: string;
}

const SUBNET = "10.0.0.";
const LOCAL_NAMES = ["localhost", "127.0.0.1", "0.0.0.0", "::1", "::"];

/** Whether `host` means the machine that says it. */
export function isLocal(host: string): boolean {
  return LOCAL_NAMES.includes(host);
}

/** Whether `host` is an address that leads to nobody else. */
export function isLoopback(host: string): boolean {
  return host === "127.0.0.1" || host === "::1";
}

/** Who is there, and the ways between them. */
export class Network<N extends Node> {
  #kernel: Kernel;
  #nodes: Map<string, N> = new Map();
  #paths: Map<string, Path> = new Map();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** The address that the next node is going to have. */
  freeIp(): string {
    return SUBNET + (this.#nodes.size + 1);
  }

  add(node: N): void {
    this.#nodes.set(node.name, node);
  }

  get nodes(): N[] {
    return [...this.#nodes.values()];
  }

  /** The node that `host`, a name or an address, means to `from`. */
  find(host: string, from: N): N | undefined {
    if (isLocal(host)) return from;
    return this.#nodes.get(host) ?? this.nodes.find(({ ip }) => ip === host);
  }

  /** The way from one node to another; each direction is its own. */
  path(from: Node, to: Node): Path {
    const key = `${from.name}>${to.name}`;
    let path = this.#paths.get(key);
    if (path === undefined) {
      path = new Path(this.#kernel, from === to ? LOOPBACK : NETWORK);
      this.#paths.set(key, path);
    }
    return path;
  }

  /** Both directions between two nodes. */
  paths(one: Node, other: Node): [Path, Path] {
    return [this.path(one, other), this.path(other, one)];
  }

  /** Every way is open and as usual. */
  heal(): void {
    for (const path of this.#paths.values()) path.heal();
  }
}
