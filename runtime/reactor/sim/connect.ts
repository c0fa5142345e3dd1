import { showAddress } from "../../core/address.ts";
import { Closed, IoError, type IoErrorKind } from "../../core/errors.ts";
import {
  type Address,
  type ConnectSource,
  type StreamSource,
  type Token,
  type Tried,
  WouldBlock,
  WRITABLE,
} from "../../core/io.ts";
import type { Registrar } from "../driver.ts";
import { SimListener } from "./listener.ts";
import type { Machine } from "./machine.ts";
import { type Ends, SimStream } from "./stream.ts";

/** A connection request that nobody answers is sent again, twice as late each time. */
const FIRST_RETRY_MS = 1_000;
/** Linux sends seven and gives up after two minutes. */
const REQUESTS = 7;

const PHRASES: Partial<Record<IoErrorKind, string>> = {
  "address-not-available": "cannot assign requested address",
  "connection-refused": "connection refused",
  "host-not-found": "no such host",
  "not-found": "no such file or directory",
  "timed-out": "connection timed out",
};

/** A simulated connection on its way: a request, its answer, and what happens without one. */
export class SimConnect implements ConnectSource {
  readonly token: Token;
  #machine: Machine;
  #registrar: Registrar;
  #address: Address;
  /** Both addresses, while they are held for it. */
  #ends: Ends | undefined;
  #requests = 0;
  #stream: SimStream | undefined;
  #failed: IoErrorKind | undefined;
  #done = false;

  constructor(machine: Machine, registrar: Registrar, address: Address) {
    this.#machine = machine;
    this.#registrar = registrar;
    this.#address = address;
    this.token = registrar.register();
    this.#begin();
  }

  tryConnect(): Tried<StreamSource> {
    if (this.#failed !== undefined) throw this.#error(this.#failed);
    if (this.#done) throw new Closed("the connection attempt");
    const stream = this.#stream;
    if (stream === undefined) return WouldBlock;
    this.#stream = undefined;
    this.close();
    return stream;
  }

  close(): void {
    this.#done = true;
    this.#giveEnds();
    this.#stream?.close();
    this.#stream = undefined;
    this.#registrar.deregister(this.token);
  }

  #begin(): void {
    const { kernel } = this.#machine;
    const target = this.#target();
    if (target === undefined) {
      return void kernel.after(0, () => this.#fail("host-not-found"));
    }
    const peer = target.publicAddress(this.#address);
    const local = this.#machine.takeAddress(peer);
    if (local === undefined) {
      return void kernel.after(0, () => this.#fail("address-not-available"));
    }
    this.#ends = { local, peer };
    this.#request(target);
  }

  #request(target: Machine): void {
    if (!this.#waiting) return;
    const { kernel, network } = this.#machine;
    if (++this.#requests > REQUESTS) return this.#fail("timed-out");
    const path = network.path(this.#machine, target);
    const lost = path.loses();
    kernel.at(path.arrival(0), () => {
      if (!lost && path.up && target.reachable) this.#reach(target);
    });
    kernel.after(FIRST_RETRY_MS * 2 ** (this.#requests - 1), () => this.#request(target));
  }

  /** The request has arrived at `target`; a full backlog leaves it unanswered. */
  #reach(target: Machine): void {
    const listener = target.boundAt(this.#address);
    if (!(listener instanceof SimListener)) {
      return this.#answer(target, () => this.#fail(this.#refusal(target)));
    }
    if (!listener.full) this.#answer(target, () => this.#meet(target, listener));
  }

  /** The answer is here: the connection stands for this end, and its first word goes out. */
  #meet(target: Machine, listener: SimListener): void {
    const { local, peer } = this.#ends!;
    this.#ends = undefined;
    const client = new SimStream(this.#machine, this.#registrar, { local, peer });
    SimStream.connect(client, listener.prepare({ local: peer, peer: local }));
    this.#stream = client;
    this.#machine.kernel.note("connect", this.#machine.name, target.name, showAddress(peer));
    this.#registrar.deliver(this.token, WRITABLE);
  }

  /** Whether it can still become something. */
  get #waiting(): boolean {
    return !this.#done && this.#stream === undefined && this.#failed === undefined;
  }

  #target(): Machine | undefined {
    if (this.#address.transport === "unix") return this.#machine;
    return this.#machine.network.find(this.#address.host, this.#machine);
  }

  #refusal(target: Machine): IoErrorKind {
    const gone = this.#address.transport === "unix" && !target.hasSocketFile(this.#address.path);
    return gone ? "not-found" : "connection-refused";
  }

  #answer(target: Machine, run: () => void): void {
    const path = this.#machine.network.path(target, this.#machine);
    const lost = path.loses();
    this.#machine.kernel.at(path.arrival(0), () => {
      if (!lost && path.up && this.#waiting) run();
    });
  }

  #fail(kind: IoErrorKind): void {
    if (!this.#waiting) return;
    this.#failed = kind;
    this.#giveEnds();
    this.#machine.kernel.note("connect failed", this.#machine.name, kind);
    this.#registrar.deliver(this.token, WRITABLE);
  }

  #giveEnds(): void {
    if (this.#ends !== undefined) this.#machine.giveAddress(this.#ends);
    this.#ends = undefined;
  }

  #error(kind: IoErrorKind): IoError {
    return new IoError(kind, `connect to ${showAddress(this.#address)}: ${PHRASES[kind] ?? kind}`);
  }
}
