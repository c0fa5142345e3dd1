import {
  type Address,
  type ConnectSource,
  type DatagramSource,
  IoError,
  type ListenerSource,
  Random,
  type Registrar,
  type StreamSource,
  type Token,
  type Tried,
  type UnixAddress,
  WouldBlock,
} from "wakeful/runtime";
import { SimClock, SimDriver } from "../../runtime/reactor/sim/driver.ts";
import { Kernel } from "../../runtime/reactor/sim/kernel.ts";
import { type Death, Machine } from "../../runtime/reactor/sim/machine.ts";
import { Network } from "../../runtime/reactor/sim/network.ts";
import { bytes, textOf } from "./bytes.ts";

/** Tokens in order, and everything that was delivered. */
export class RecordingRegistrar implements Registrar {
  readonly delivered: [Token, number][] = [];
  readonly live = new Set<Token>();
  #last = 0;

  register(): Token {
    this.live.add(++this.#last);
    return this.#last;
  }

  deregister(token: Token): void {
    this.live.delete(token);
  }

  deliver(token: Token, interest: number): void {
    this.delivered.push([token, interest]);
  }

  /** How often `interest` was delivered to `token`. */
  deliveries(token: Token, interest: number): number {
    return this.delivered.filter(([to, what]) => to === token && what === interest).length;
  }
}

/** A machine with its driver, and no program: the test does what a program would. */
export class RigHost {
  readonly machine: Machine;
  readonly registrar = new RecordingRegistrar();
  readonly driver: SimDriver;

  constructor(name: string, kernel: Kernel, network: Network<Machine>) {
    this.machine = new Machine(name, kernel, network);
    this.driver = new SimDriver(this.machine, new SimClock(kernel, 0));
  }

  listen(at: number | Address, backlog?: number): ListenerSource {
    const address = typeof at === "number" ? tcp("0.0.0.0", at) : at;
    return this.driver.listen(address, { backlog }, this.registrar);
  }

  connect(to: Address): ConnectSource {
    return this.driver.connect(to, this.registrar);
  }

  bindUdp(port: number, host = "0.0.0.0"): DatagramSource {
    return this.driver.bindUdp({ transport: "udp", host, port }, this.registrar);
  }

  /** Its process dies; with its power, what it says is not heard any more either. */
  die(how: Death): void {
    this.machine.killSockets(how);
    if (how === "power") this.machine.reachable = false;
  }
}

/**
 * A kernel, a network of machines without programs, and time that moves as far as a test asks.
 *
 * Time stands between two awaits of `until` and `pass`. Behind any other await, that of an async
 * function of the test included, it goes on.
 */
export class SimRig {
  readonly kernel: Kernel;
  readonly network: Network<Machine>;

  constructor(seed = 1) {
    this.kernel = new Kernel(new Random(seed));
    this.network = new Network(this.kernel);
    this.#watch(() => {});
  }

  host(name: string): RigHost {
    return new RigHost(name, this.kernel, this.network);
  }

  /** Lets everything happen that happens before `time`. */
  until(time: number): Promise<void> {
    return new Promise((resolve) => void this.kernel.at(time, resolve));
  }

  /** Lets everything happen that happens in the next `milliseconds`. */
  pass(milliseconds: number): Promise<void> {
    return this.until(this.kernel.now + milliseconds);
  }

  /** Lets everything happen that happens by itself. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#watch(resolve);
      this.kernel.after(0, () => {});
    });
  }

  #watch(onIdle: () => void): void {
    const { kernel } = this;
    kernel.watch({ onIdle, onCircles() {}, onLate: () => kernel.stop() }, LIMIT_MS);
  }

  /** Two ends of a connection between two machines, and the machines. */
  async pair(port = 80): Promise<Pair> {
    const [here, there] = [this.host("here"), this.host("there")];
    const listener = there.listen(port);
    const attempt = here.connect(tcp("there", port));
    await this.pass(CONNECTED_MS);
    const one = done(attempt.tryConnect());
    return { here, there, listener, one, other: done(listener.tryAccept()) };
  }

  /** The ways from `one` to `other` and back. */
  paths(one: RigHost, other: RigHost) {
    return this.network.paths(one.machine, other.machine);
  }

  /** Lets nothing through between two machines, or everything again. */
  setPartition(one: RigHost, other: RigHost, on: boolean): void {
    for (const path of this.paths(one, other)) on ? path.shut() : path.open();
  }
}

export interface Pair {
  readonly here: RigHost;
  readonly there: RigHost;
  readonly listener: ListenerSource;
  readonly one: StreamSource;
  readonly other: StreamSource;
}

/** A test that failed leaves its kernel going: it ends by itself. */
const LIMIT_MS = 10_000_000;
/** Long enough for a connection on a link that is as usual. */
const CONNECTED_MS = 10;

export function tcp(host: string, port: number): Address {
  return { transport: "tcp", host, port };
}

export function unix(path: string): UnixAddress {
  return { transport: "unix", path };
}

/** What was tried, which has to be done. */
export function done<T>(tried: Tried<T>): T {
  if (tried === WouldBlock) throw new Error("expected it not to block");
  return tried;
}

/** How a try went, in words: "blocked", the kind of an error, or what `show` makes of its value. */
export function outcomeOf<T>(attempt: () => Tried<T>, show: (value: T) => string = String): string {
  try {
    const tried = attempt();
    return tried === WouldBlock ? "blocked" : show(tried);
  } catch (error) {
    if (error instanceof IoError) return error.kind;
    throw error;
  }
}

/** What a read answers: "blocked", "end", the kind of an error, or the text. */
export function read(stream: StreamSource, size = 100): string {
  const into = new Uint8Array(size);
  return outcomeOf(
    () => stream.tryRead(into),
    (n) => n === 0 ? "end" : textOf(into.subarray(0, n)),
  );
}

/** What a write answers: "blocked", the kind of an error, or how many bytes were taken. */
export function write(stream: StreamSource, text = "x"): string {
  return outcomeOf(() => stream.tryWrite(bytes(text)));
}

/** Writes all of `text`. */
export function send(stream: StreamSource, text: string): void {
  for (let rest = bytes(text); rest.length > 0;) rest = rest.subarray(done(stream.tryWrite(rest)));
}

/** Writes until nothing more is taken; answers how much was. */
export function fill(stream: StreamSource): number {
  const chunk = new Uint8Array(10_000);
  for (let sent = 0;;) {
    const taken = stream.tryWrite(chunk);
    if (taken === WouldBlock) return sent;
    sent += taken;
  }
}

/** Reads until nothing is there; answers how much was, and what the last read said. */
export function drain(stream: StreamSource): [received: number, last: string] {
  const into = new Uint8Array(10_000);
  for (let received = 0;;) {
    const outcome = outcomeOf(() => stream.tryRead(into));
    if (!(Number(outcome) > 0)) return [received, outcome === "0" ? "end" : outcome];
    received += Number(outcome);
  }
}
