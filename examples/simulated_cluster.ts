/**
 * A small cluster with a bug that only a partition shows, and how a seed finds it.
 *
 *   deno run examples/simulated_cluster.ts
 *
 * A primary counts; two replicas copy its counter, each step as a message. Seed after seed runs in
 * a simulated world with partitions, until in one of them a replica ends with another number than
 * the primary. You see the seed, the partitions and what happened last; then the same with only
 * those partitions that matter. Any seed runs again by its number:
 *
 *   deno run examples/simulated_cluster.ts --seed 5
 *
 * The first protocol, `add`, says "add 1", and says it again when no answer comes: a step is taken
 * twice. The next, `set`, says "set 7" and seems to repair that; a seed finds what is wrong with
 * it, too. With `newest`, where a replica never goes back, all seeds go through:
 *
 *   deno run examples/simulated_cluster.ts --protocol set
 *   deno run examples/simulated_cluster.ts --protocol newest
 */

import { parseArgs } from "node:util";
import {
  type Co,
  End,
  IoError,
  Notify,
  pending,
  random,
  sleep,
  spawn,
  TimedOut,
  timeout,
} from "wakeful/runtime";
import { type Lines, lines, TcpListener, TcpStream } from "wakeful/net";
import { simulate, SimulationFailed, type World } from "wakeful/testing";

const PORT = 7000;
const REPLICAS = ["left", "right"];
const STEPS = 20;
const LONGEST_PAUSE_MS = 200;
const PATIENCE_MS = 500;
const SEEDS = 200;

/** What the primary says to bring a replica to `value`, and what the replica makes of it. */
interface Protocol {
  say(value: number): number;
  hear(copy: number, said: number): number;
}

const PROTOCOLS: Readonly<Record<string, Protocol>> = {
  add: { say: () => 1, hear: (copy, said) => copy + said },
  set: { say: (value) => value, hear: (_copy, said) => said },
  newest: { say: (value) => value, hear: (copy, said) => Math.max(copy, said) },
};

/** The counter, and a task for each replica that brings it up to date. */
class Primary {
  counter = 0;
  #changed = new Notify();
  #protocol: Protocol;

  constructor(protocol: Protocol) {
    this.#protocol = protocol;
  }

  *run(): Co<never> {
    for (const name of REPLICAS) spawn(() => this.#update(name), { name: `updates ${name}` });
    for (; this.counter < STEPS; this.#changed.notifyAll()) {
      yield* sleep(random().between(1, LONGEST_PAUSE_MS));
      this.counter++;
    }
    return yield* pending(); // its updates go on
  }

  *#update(name: string): Co<never> {
    for (let told = 0;;) {
      const changed = this.#changed.notified();
      if (told === this.counter) yield* changed;
      else yield* this.#tell(name, ++told);
    }
  }

  /** Until there is an answer. None does not mean that nothing was done: here is the bug. */
  *#tell(name: string, value: number): Co<void> {
    for (;;) {
      try {
        return yield* timeout(PATIENCE_MS, ask(name, this.#protocol.say(value)));
      } catch (error) {
        if (!(error instanceof IoError || error instanceof TimedOut)) throw error;
      }
    }
  }
}

/** A copy of the counter, for whoever tells it what to do. */
class Replica {
  copy = 0;
  #protocol: Protocol;

  constructor(protocol: Protocol) {
    this.#protocol = protocol;
  }

  *run(): Co<never> {
    using listener = yield* TcpListener.bind({ host: "0.0.0.0", port: PORT });
    for (;;) {
      const stream = yield* listener.accept();
      spawn(() => this.#obey(stream, lines(stream)), { onEnd: () => stream.close() });
    }
  }

  *#obey(stream: TcpStream, input: Lines): Co<void> {
    try {
      for (let line = yield* input.nextLine(); line !== End; line = yield* input.nextLine()) {
        this.copy = this.#protocol.hear(this.copy, Number(line));
        yield* stream.writeAll(new TextEncoder().encode("done\n"));
      }
    } catch (error) {
      if (!(error instanceof IoError)) throw error; // the primary has given up
    }
  }
}

/** One number for a replica, and its answer. */
function* ask(name: string, said: number): Co<void> {
  using stream = yield* TcpStream.connect({ host: name, port: PORT });
  yield* stream.writeAll(new TextEncoder().encode(`${said}\n`));
  yield* lines(stream).nextLine();
}

/** The cluster between partitions; in the end, all have to have the same number. */
function* cluster(world: World, protocol: Protocol): Co<void> {
  const replicas = REPLICAS.map((name) => ({ name, replica: new Replica(protocol) }));
  for (const { name, replica } of replicas) world.host(name, () => replica.run());
  const primary = new Primary(protocol);
  world.host("primary", () => primary.run());
  yield* world.chaos({
    links: REPLICAS.map((name) => ["primary", name] as const),
    kinds: ["partition"],
    until: 10_000,
  });
  yield* sleep(10_000); // whatever was held up arrives
  for (const { name, replica: { copy } } of replicas) {
    if (copy !== primary.counter) {
      throw new Error(`${name} has ${copy}, and the primary ${primary.counter}`);
    }
  }
}

/** Runs one seed, with some of its faults only where that is asked for; answers how it failed. */
async function run(
  protocol: string,
  seed: number,
  keepFault?: (index: number) => boolean,
): Promise<SimulationFailed | undefined> {
  const replay = () =>
    `deno run examples/simulated_cluster.ts --protocol ${protocol} --seed ${seed}`;
  const body = (world: World) => cluster(world, PROTOCOLS[protocol]);
  try {
    await simulate({ seed, replay, keepFault }, body);
  } catch (error) {
    if (error instanceof SimulationFailed) return error;
    throw error;
  }
}

/** Leaves out one fault after the other, for good where the seed fails without it. */
async function narrowDown(protocol: string, failure: SimulationFailed): Promise<SimulationFailed> {
  const { seed, faults } = failure.circumstances;
  const needed = new Set(faults.keys());
  let smallest = failure;
  for (const fault of faults.keys()) {
    needed.delete(fault);
    const still = await run(protocol, seed, (index) => needed.has(index));
    if (still === undefined) needed.add(fault);
    else smallest = still;
  }
  return smallest;
}

if (import.meta.main) {
  const { values: { protocol, seed } } = parseArgs({
    options: { protocol: { type: "string", default: "add" }, seed: { type: "string" } },
  });
  const [first, last] = seed === undefined ? [1, SEEDS] : [Number(seed), Number(seed)];
  for (let seed = first; seed <= last; seed++) {
    const failure = await run(protocol, seed);
    if (failure === undefined) continue;
    console.log(failure.message);
    const smallest = await narrowDown(protocol, failure);
    console.log(`\nwith those faults alone that matter: ${smallest.message}`);
    Deno.exit(1);
  }
  console.log(`${protocol}: seeds ${first} to ${last} went through`);
}
