import {
  type Address,
  Closed,
  type ConnectSource,
  type DatagramSource,
  type Driver,
  type Interest,
  type ListenerSource,
  READABLE,
  type Registrar,
  type SignalName,
  type SignalSource,
  type TcpAddress,
  type Token,
  type Tried,
  type UdpAddress,
  WouldBlock,
  WRITABLE,
} from "wakeful/runtime";
import { MemoryDatagrams } from "./memory_datagrams.ts";

/** A source that is ready as often as the test says. It stands for a signal, or for anything. */
export class FakeSource implements SignalSource {
  readonly token: Token;
  ready = 0;
  closed = false;
  #registrar: Registrar;

  constructor(registrar: Registrar, readonly interest: Interest) {
    this.#registrar = registrar;
    this.token = registrar.register();
  }

  /** Something happens outside: the next try succeeds. */
  happen(): void {
    this.ready++;
    this.#registrar.deliver(this.token, this.interest);
  }

  tryReceive(): Tried<void> {
    if (this.closed) throw new Closed("the source");
    if (this.ready === 0) return WouldBlock;
    this.ready--;
  }

  tryAccept(): typeof WouldBlock {
    return WouldBlock;
  }

  tryConnect(): typeof WouldBlock {
    return WouldBlock;
  }

  close(): void {
    this.closed = true;
    this.#registrar.deregister(this.token);
  }
}

/** A driver that rests until the test lets it go on, one `step` at a time. */
export class FakeDriver implements Driver {
  readonly name = "fake";
  /** What the driver was told to do last. */
  state: "idle" | "parked" | "yielding" | "closed" = "idle";
  deadline = Infinity;
  unparks = 0;
  parks = 0;
  yields = 0;
  readonly sources: FakeSource[] = [];
  readonly asked: string[] = [];
  #resume: (() => void) | undefined;
  #woken = false;

  park(_now: number, deadline: number, resume: () => void): void {
    this.parks++;
    this.state = "parked";
    this.deadline = deadline;
    this.#resume = resume;
    this.#woken = false;
  }

  unpark(): void {
    this.unparks++;
    if (this.state === "parked") this.#woken = true;
  }

  yield(resume: () => void): void {
    this.yields++;
    this.state = "yielding";
    this.#resume = resume;
  }

  close(): void {
    this.state = "closed";
    this.#resume = undefined;
  }

  /** Whether the rest was ended by `unpark`, or was only a yield. */
  get awake(): boolean {
    return this.state === "yielding" || (this.state === "parked" && this.#woken);
  }

  /** Ends the rest, whatever the reason. */
  resume(): void {
    const resume = this.#resume;
    this.#resume = undefined;
    this.state = "idle";
    resume?.();
  }

  /** Ends the rest if something has ended it; false when the driver still rests. */
  step(): boolean {
    if (!this.awake) return false;
    this.resume();
    return true;
  }

  listen(address: Address, _options: unknown, registrar: Registrar): ListenerSource {
    const source = this.#source(`listen ${address.transport}`, registrar, READABLE);
    return Object.assign(source, { localAddr: address });
  }

  connect(address: Address, registrar: Registrar): ConnectSource {
    return this.#source(`connect ${address.transport}`, registrar, WRITABLE);
  }

  connectTls(_address: TcpAddress, _options: unknown, registrar: Registrar): ConnectSource {
    return this.#source("connect tls", registrar, WRITABLE);
  }

  bindUdp(address: UdpAddress, registrar: Registrar): DatagramSource {
    this.asked.push(`bind ${address.transport}`);
    return new MemoryDatagrams(registrar, address);
  }

  signal(name: SignalName, registrar: Registrar): SignalSource {
    return this.#source(`signal ${name}`, registrar, READABLE);
  }

  removeSocketFile(path: string): void {
    this.asked.push(`remove ${path}`);
  }

  #source(what: string, registrar: Registrar, interest: Interest): FakeSource {
    const source = new FakeSource(registrar, interest);
    this.sources.push(source);
    this.asked.push(what);
    return source;
  }
}
