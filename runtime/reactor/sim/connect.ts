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
import { SimStream } from "./stream.ts";

/** A connection request that nobody answers is sent again, twice as late each time. */
const FIRST_RETRY_MS = 1_000;
/** Linux sends seven and gives up after two minutes. */
const REQUESTS = 7;

const PHRASES: Partial<Record<IoErrorKind, string>> = {
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
  #requests = 0;
  #stream: SimStream | undefined;
  #failed: IoErrorKind | undefined;
  #connected = false;
  #done = false;

  constructor(machine: Machine, registrar: Registrar, address: Address) {
    this.#machine = machine;
    this.#registrar = registrar;
    this.#address = address;
    this.token = registrar.register();
    this.#request();
  }

  tryConnect(): Tried<StreamSource> {
    if (this.#failed !== undefined) throw this.#error(this.#failed);
    if (this.#done) throw new Closed("the connection attempt");
    if (!this.#connected) return WouldBlock;
    const stream = this.#stream!;
    this.#stream = undefined;
    this.close();
    return stream;
  }

  close(): void {
    this.#done = true;
    this.#stream?.close();
    this.#stream = undefined;
    this.#registrar.deregister(this.token);
  }

  #request(): void {
    if (this.#done) return;
    const { kernel } = this.#machine;
    const target = this.#target();
    if (target === undefined) {
      return void kernel.after(0, () => this.#fail("host-not-found"));
    }
    if (++this.#requests > REQUESTS) return this.#fail("timed-out");
    const path = this.#machine.network.path(this.#machine, target);
    const lost = path.loses();
    kernel.at(path.arrival(0), () => {
      if (!lost && path.up && target.reachable) this.#reach(target);
    });
    const patience = FIRST_RETRY_MS * 2 ** (this.#requests - 1);
    kernel.after(patience, () => {
      if (this.#stream === undefined && this.#failed === undefined) this.#request();
    });
  }

  /** The request has arrived at `target`; a full backlog leaves it unanswered. */
  #reach(target: Machine): void {
    if (this.#done || this.#stream !== undefined || this.#failed !== undefined) return;
    const listener = target.boundAt(this.#address);
    if (!(listener instanceof SimListener)) {
      return this.#answer(target, () => this.#fail(this.#refusal(target)));
    }
    if (!listener.full) this.#meet(target, listener);
  }

  #meet(target: Machine, listener: SimListener): void {
    const { kernel, network } = this.#machine;
    const there = target.publicAddress(this.#address);
    const here = this.#machine.takeAddress(there);
    if (here === undefined) return this.#fail("address-not-available");
    const answer = network.path(target, this.#machine).arrival(0);
    const client = new SimStream(this.#machine, this.#registrar, { local: here, peer: there });
    const server = listener.arrive({ local: there, peer: here });
    SimStream.connect(client, server, answer);
    listener.announce();
    this.#stream = client;
    kernel.note("connect", this.#machine.name, target.name, showAddress(there));
    kernel.at(answer, () => {
      this.#connected = true;
      if (!this.#done) this.#registrar.deliver(this.token, WRITABLE);
    });
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
    this.#machine.kernel.at(path.arrival(0), () => {
      if (path.up) run();
    });
  }

  #fail(kind: IoErrorKind): void {
    if (this.#done || this.#failed !== undefined) return;
    this.#failed = kind;
    this.#machine.kernel.note("connect failed", this.#machine.name, kind);
    this.#registrar.deliver(this.token, WRITABLE);
  }

  #error(kind: IoErrorKind): IoError {
    return new IoError(kind, `connect to ${showAddress(this.#address)}: ${PHRASES[kind] ?? kind}`);
  }
}
