import { type Co, type Driver, joinAll, sleep, spawn, timeout } from "wakeful/runtime";
import type { Host, World } from "wakeful/testing";
import { assert, assertEquals } from "../../support/assert.ts";
import {
  EchoLedger,
  isTrouble,
  keepTalking,
  lastWords,
  type Talk,
  talkOnce,
} from "../parts/echo_client.ts";
import { echoServerTool } from "../parts/echo_tool.ts";
import { drawWeather } from "../parts/weather.ts";
import type { Scenario } from "../scenario.ts";

/** Stands between each host and its driver; for planted faults. */
export interface Planted {
  readonly driver?: (driver: Driver) => Driver;
}

const ADDRESS = { host: "server", port: 8080 };
const ARGV = ["--host", "0.0.0.0", "--port", "8080"];
const CLIENTS = ["ann", "ben", "cleo"];
const HOSTS = ["server", ...CLIENTS];
const CHAOS_MS = 12_000;
/** Longer than one fault keeps anybody waiting. */
const PATIENCE_MS = 15_000;
/** Longer than all of them together do. */
const LONG_PATIENCE_MS = 50_000;
const DRAIN_TIMEOUT_MS = 5_000;
const RESTART_MS = 50;
const SECOND_MS = 1_000;
/** By then every client has gone that will: all limits of both sides are shorter together. */
const ALL_GONE_MS = 90_000;
const SERVED_AGAIN_MS = 60_000;

/** What runs in a server without clients. */
const OWN_TASKS = ["main", "reports"];

/** The echo server, with something planted into its hosts or with nothing. */
export function echoScenario(planted: Planted = {}): Scenario {
  return {
    name: "echo",
    about: "echo-server under chaos: prefixes, recovery, no leaks, a drain at any moment",
    limit: 600_000,
    *run(world) {
      yield* new EchoWorld(world, planted).run();
    },
  };
}

export const scenario = echoScenario();

/** A server as somebody might start it. */
interface Started {
  readonly argv: readonly string[];
  /** How long clients wait for it, in milliseconds. */
  readonly patience: number;
  /** Whether it never cuts anybody off, and so never learns of those who vanish without a word. */
  readonly loyal: boolean;
}

const FEW = [...ARGV, "--max-connections", "2"];
const STARTS: readonly Started[] = [
  { argv: ARGV, patience: PATIENCE_MS, loyal: false },
  { argv: [...ARGV, "--stats"], patience: PATIENCE_MS, loyal: false },
  { argv: FEW, patience: PATIENCE_MS, loyal: false },
  { argv: [...FEW, "--overflow", "refuse"], patience: PATIENCE_MS, loyal: false },
  {
    argv: [...ARGV, "--idle-timeout", "0", "--write-timeout", "0"],
    patience: LONG_PATIENCE_MS,
    loyal: true,
  },
];

class EchoWorld {
  #world: World;
  #ledger = new EchoLedger();
  #start: Started;
  #server: Host<number>;
  #clients: Host<void>[];
  /** The life of the server that is to end. */
  #stopping: number | undefined;
  #over = false;

  constructor(world: World, planted: Planted) {
    this.#world = world;
    this.#start = world.random.chance(0.5) ? STARTS.at(-1)! : world.random.pick(STARTS);
    this.#server = world.host("server", () => echoServerTool(this.#start.argv), planted);
    this.#clients = CLIENTS.map((name) => world.host(name, () => this.#talk(), planted));
  }

  *run(): Co<void> {
    const world = this.#world;
    spawn(() => this.#supervise(), { name: "supervisor" });
    const stopAt = world.random.between(0, CHAOS_MS);
    if (world.random.chance(0.5)) world.at(stopAt, () => this.#stopServer());
    const trouble = drawWeather(world, HOSTS);
    yield* world.chaos({ hosts: HOSTS, until: CHAOS_MS, ...trouble });
    if (!this.#server.running) this.#server.start();
    yield* this.#serveNewClient();
    if (world.random.chance(0.5)) yield* this.#seeEverybodyLeave();
    yield* sleep(world.random.between(0, SECOND_MS));
    yield* this.#drain();
    yield* this.#everybodyEnds();
  }

  #talking(longestPause: number): Talk {
    const { patience, loyal } = this.#start;
    const life = loyal ? () => this.#life() : undefined;
    return { to: ADDRESS, ledger: this.#ledger, pause: [1, longestPause], patience, life };
  }

  /** How often the server was started, while it runs and was not asked to stop. */
  #life(): number | undefined {
    const { running, starts } = this.#server;
    return running && starts !== this.#stopping ? starts : undefined;
  }

  *#talk(): Co<void> {
    yield* keepTalking(this.#talking(SECOND_MS), () => this.#over);
  }

  /** Starts the server again whenever it ends by itself, which it does with 0 only. */
  *#supervise(): Co<void> {
    while (!this.#over) {
      assertEquals(yield* this.#server.outcome(), 0);
      yield* sleep(RESTART_MS);
      if (!this.#over && !this.#server.running) this.#server.start();
    }
  }

  #stopServer(): void {
    if (this.#server.machine.signals.size === 0) return; // it does not run
    this.#stopping = this.#server.starts;
    this.#server.signal("SIGTERM");
  }

  /** Where all is well, whoever comes is served within a time. */
  *#serveNewClient(): Co<void> {
    const talk = this.#talking(1);
    const late = this.#world.host("late", () => untilServed(() => talkOnce(talk)));
    yield* timeout(SERVED_AGAIN_MS, late.outcome());
  }

  *#seeEverybodyLeave(): Co<void> {
    yield* this.#everybodyEnds();
    if (this.#start.loyal) return; // to those as well who have vanished without a word
    const { machine } = this.#server;
    const busy = () => this.#server.tasks().filter(({ name }) => !OWN_TASKS.includes(name));
    const gone = this.#world.now + ALL_GONE_MS;
    while (machine.streams.size > 0 || busy().length > 0) {
      assert(this.#world.now < gone, `${machine.streams.size} connections are left`);
      yield* sleep(SECOND_MS);
    }
  }

  *#everybodyEnds(): Co<void> {
    this.#over = true;
    yield* timeout(ALL_GONE_MS, joinAll(this.#clients.map((client) => client.join())));
  }

  /** Whoever is there may finish; then the process ends in order, and within its limit. */
  *#drain(): Co<void> {
    this.#over = true;
    const last = this.#world.host("last", () => this.#speakLast());
    yield* timeout(SERVED_AGAIN_MS, last.outcome());
    assertEquals(yield* timeout(DRAIN_TIMEOUT_MS + SECOND_MS, this.#server.outcome()), 0);
  }

  *#speakLast(): Co<void> {
    const stop = () => this.#stopServer();
    const tooLate = () => this.#stopping === this.#server.starts;
    yield* untilServed(() => lastWords(this.#talking(1), stop), tooLate);
  }
}

/** Tries again: the places may be taken by those of whom nobody knows yet that they are gone. */
function* untilServed(body: () => Co<void>, tooLate: () => boolean = () => false): Co<void> {
  for (;;) {
    try {
      return yield* body();
    } catch (error) {
      if (!isTrouble(error) || tooLate()) throw error;
      yield* sleep(SECOND_MS);
    }
  }
}
