import { IoError } from "../../core/errors.ts";
import { showAddress } from "../../core/address.ts";
import type { Address, SignalName, UdpAddress } from "../../core/io.ts";
import type { Kernel } from "./kernel.ts";
import { isLocal, type Network, type Node } from "./network.ts";

/** How a process dies from outside: alone, or with the whole machine, so that nobody is told. */
export type Death = "crash" | "power";

/** What the system holds for a process: it ends with the process. */
export interface Socket {
  kill(how: Death): void;
}

/** An address of any kind of socket. */
export type SocketAddress = Address | UdpAddress;
type PortAddress = Exclude<SocketAddress, { transport: "unix" }>;

/** A socket that others can reach by its address. */
export interface BoundSocket extends Socket {
  readonly localAddr: SocketAddress;
}

/** Where a process listens for a signal. */
export interface SignalListener {
  readonly name: SignalName;
  arrive(): void;
}

/** The ports that Linux gives to those who do not mind which. */
const FIRST_FREE_PORT = 32_768;
const LAST_FREE_PORT = 60_999;
const LAST_PORT = 65_535;
const LOOPBACK_IP = "127.0.0.1";
const LOOPBACK_IP_V6 = "::1";
const EVERYWHERE = "0.0.0.0";
/** Stands for the addresses of version 4 as well. */
const EVERYWHERE_V6 = "::";

/** One simulated machine: its addresses, its ports, its sockets. It outlives its processes. */
export class Machine implements Node {
  readonly name: string;
  readonly ip: string;
  readonly kernel: Kernel;
  readonly network: Network<Machine>;
  /** Whether it answers; without power it does not. */
  reachable = true;
  readonly streams: Set<Socket> = new Set();
  readonly signals: Set<SignalListener> = new Set();
  #bound: Set<BoundSocket> = new Set();
  /** The ports of connections that have begun here, each with its peers. */
  #outgoing: Map<number, Set<string>> = new Map();
  /** By path, who listens there; nobody when its process has died. */
  #socketFiles: Map<string, BoundSocket | undefined> = new Map();
  #lastPort = FIRST_FREE_PORT - 1;

  constructor(name: string, kernel: Kernel, network: Network<Machine>) {
    this.name = name;
    this.kernel = kernel;
    this.network = network;
    this.ip = network.freeIp();
    network.add(this);
  }

  /** How many sockets the processes here hold. */
  get sockets(): number {
    return this.streams.size + this.#bound.size;
  }

  /**
   * Gives a socket its address, with a free port for port 0.
   *
   * @throws {IoError} `address-in-use`, `address-not-available`
   */
  bind<A extends SocketAddress, S extends BoundSocket>(address: A, make: (at: A) => S): S {
    const at = address.transport === "unix" ? address : this.#bindable(address) as A;
    if (this.#isTaken(at)) {
      throw new IoError("address-in-use", `listen on ${showAddress(at)}: address already in use`);
    }
    const socket = make(at);
    this.#bound.add(socket);
    if (at.transport === "unix") this.#socketFiles.set(at.path, socket);
    return socket;
  }

  /** Takes the address back. A socket's file goes with an orderly close, and else stays. */
  unbind(socket: BoundSocket, how: Death | "close"): void {
    this.#bound.delete(socket);
    const { localAddr } = socket;
    if (localAddr.transport !== "unix") return;
    if (this.#socketFiles.get(localAddr.path) !== socket) return;
    if (how === "close") this.#socketFiles.delete(localAddr.path);
    else this.#socketFiles.set(localAddr.path, undefined);
  }

  /** Who is reached here by `address`. */
  boundAt(address: SocketAddress): BoundSocket | undefined {
    if (address.transport === "unix") return this.#socketFiles.get(address.path);
    for (const socket of this.#bound) if (this.#reaches(address, socket.localAddr)) return socket;
  }

  hasSocketFile(path: string): boolean {
    return this.#socketFiles.has(path);
  }

  removeSocketFile(path: string): void {
    this.#socketFiles.delete(path);
  }

  /** The address of the far end that `asked` leads to, here. */
  publicAddress(asked: Address): Address {
    if (asked.transport === "unix") return asked;
    return { ...asked, host: this.#addressed(asked.host) };
  }

  /**
   * An address for the near end of a connection to `peer`; undefined when no port is left. As on
   * Linux, a port may serve connections to several peers.
   */
  takeAddress(peer: Address): Address | undefined {
    if (peer.transport === "unix") return { transport: "unix", path: "" };
    const name = showAddress(peer);
    const port = this.#freePort("tcp", (port) => !this.#outgoing.get(port)?.has(name));
    if (port === undefined) return undefined;
    this.#outgoing.set(port, (this.#outgoing.get(port) ?? new Set()).add(name));
    return { ...peer, host: isLocal(peer.host) ? peer.host : this.ip, port };
  }

  /** Where a datagram comes from, as its receiver sees it. */
  senderAddress(from: UdpAddress, to: UdpAddress): UdpAddress {
    return isEverywhere(from.host)
      ? { ...from, host: isLocal(to.host) ? this.#addressed(to.host) : this.ip }
      : from;
  }

  /** The connection that took it is closed. */
  giveAddress({ local, peer }: { local: Address; peer: Address }): void {
    if (local.transport !== "tcp") return;
    const peers = this.#outgoing.get(local.port);
    peers?.delete(showAddress(peer));
    if (peers?.size === 0) this.#outgoing.delete(local.port);
  }

  /** Ends every socket: the process is gone, or the power. */
  killSockets(how: Death): void {
    for (const socket of [...this.#bound, ...this.streams]) socket.kill(how);
    this.signals.clear();
  }

  #bindable(address: PortAddress): PortAddress {
    const { port, host } = address;
    const own = isLocal(host) || host === this.ip || host === this.name;
    const free = port === 0
      ? this.#freePort(address.transport, (port) => !this.#outgoing.has(port))
      : port;
    if (!own || free === undefined || free > LAST_PORT) {
      throw new IoError(
        "address-not-available",
        `listen on ${showAddress(address)}: cannot assign requested address`,
      );
    }
    const at = host === this.name ? this.ip : host === "localhost" ? LOOPBACK_IP : host;
    return { ...address, host: at, port: free };
  }

  /** Which of its own addresses `host` means. */
  #addressed(host: string): string {
    if (host === LOOPBACK_IP_V6 || host === EVERYWHERE_V6) return LOOPBACK_IP_V6;
    return isLocal(host) ? LOOPBACK_IP : this.ip;
  }

  #isTaken(at: SocketAddress): boolean {
    if (at.transport === "unix") return this.#socketFiles.has(at.path);
    if (at.transport === "tcp" && this.#outgoing.has(at.port)) return true;
    return this.#isBound(at);
  }

  #isBound(at: PortAddress): boolean {
    for (const { localAddr } of this.#bound) {
      if (localAddr.transport !== at.transport || localAddr.port !== at.port) continue;
      const [one, other] = [at.host, localAddr.host];
      if (one === other || isEverywhere(one) || isEverywhere(other)) return true;
    }
    return false;
  }

  #reaches(asked: PortAddress, bound: SocketAddress): boolean {
    if (asked.transport !== bound.transport || asked.port !== bound.port) return false;
    if (bound.host === EVERYWHERE_V6) return true;
    const at = this.#addressed(asked.host);
    return bound.host === at || (bound.host === EVERYWHERE && at !== LOOPBACK_IP_V6);
  }

  #freePort(transport: "tcp" | "udp", suits: (port: number) => boolean): number | undefined {
    for (let tries = FIRST_FREE_PORT; tries <= LAST_FREE_PORT; tries++) {
      this.#lastPort = this.#lastPort === LAST_FREE_PORT ? FIRST_FREE_PORT : this.#lastPort + 1;
      const port = this.#lastPort;
      if (suits(port) && !this.#isBound({ transport, host: EVERYWHERE, port })) return port;
    }
  }
}

function isEverywhere(host: string): boolean {
  return host === EVERYWHERE || host === EVERYWHERE_V6;
}
