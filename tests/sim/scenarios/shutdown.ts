import {
  type Co,
  End,
  IoError,
  random,
  type ShutdownReport,
  sleep,
  spawn,
  TimedOut,
  timeout,
} from "wakeful/runtime";
import { lines, TcpStream } from "wakeful/net";
import type { ChaosOptions, World } from "wakeful/testing";
import { assert, assertEquals } from "../../support/assert.ts";
import { type Exchange, lineServer } from "../parts/line_server.ts";
import type { Scenario } from "../scenario.ts";

const ADDRESS = { host: "server", port: 9000 };
const CLIENTS = ["ann", "ben", "cleo"];
/** Before this the server listens for the signal. */
const EARLIEST_STOP_MS = 1;
const LATEST_STOP_MS = 3_000;
const GRACE_MS = [50, 1_000] as const;
const LONGEST_WORK_MS = 400;
/** What a turn costs, many times over. */
const SLACK_MS = 1;
/** Longer than all faults together keep anybody waiting. */
const PATIENCE_MS = 20_000;
const AFTERMATH_MS = 30_000;

const MOST_REQUESTS = 5;

/** The server's process itself stays well: a server that stands still meets no limit. */
const TROUBLE: ChaosOptions = {
  links: CLIENTS.map((name) => ["server", name] as const),
  hosts: CLIENTS,
  kinds: ["bad-link", "one-way", "partition", "crash", "pause"],
  until: LATEST_STOP_MS + GRACE_MS[1],
};

export const scenario: Scenario = {
  name: "shutdown",
  about: "a server asked to stop at any moment: in time, and without cutting what it took on",
  limit: 120_000,
  *run(world) {
    yield* new ShutdownWorld(world).run();
  },
};

class ShutdownWorld {
  #world: World;
  #grace: number;
  #stopAt: number;
  #exchanges = new Map<number, Exchange>();

  constructor(world: World) {
    this.#world = world;
    this.#grace = world.random.between(...GRACE_MS);
    this.#stopAt = world.random.between(EARLIEST_STOP_MS, LATEST_STOP_MS);
  }

  *run(): Co<void> {
    const world = this.#world;
    const server = world.host(
      "server",
      () => lineServer({ port: ADDRESS.port, grace: this.#grace, exchanges: this.#exchanges }),
    );
    for (const name of CLIENTS) world.host(name, () => this.#askAgainAndAgain());
    world.at(this.#stopAt, () => server.signal("SIGTERM"));
    spawn(() => world.chaos(TROUBLE), { name: "chaos" });
    const report = yield* server.outcome();
    this.#checkServer(report);
    yield* sleep(AFTERMATH_MS); // what is under way arrives
    this.#checkExchanges();
  }

  *#askAgainAndAgain(): Co<void> {
    while (this.#world.now < this.#stopAt + GRACE_MS[1]) {
      try {
        yield* this.#connectAndAsk();
      } catch (error) {
        if (!(error instanceof IoError || error instanceof TimedOut)) throw error;
      }
      yield* sleep(random().between(1, LONGEST_WORK_MS));
    }
  }

  *#connectAndAsk(): Co<void> {
    using stream = yield* timeout(PATIENCE_MS, TcpStream.connect(ADDRESS));
    stream.setReadTimeout(PATIENCE_MS);
    const input = lines(stream);
    for (let left = random().between(1, MOST_REQUESTS); left > 0; left--) {
      const exchange: Exchange = {
        id: this.#exchanges.size,
        work: random().between(0, LONGEST_WORK_MS),
      };
      this.#exchanges.set(exchange.id, exchange);
      try {
        yield* stream.writeAll(new TextEncoder().encode(`${exchange.id}\n`));
        const answer = yield* input.nextLine();
        exchange.received = answer !== End;
        if (answer === End) return;
        assertEquals(answer, String(exchange.id));
      } catch (error) {
        exchange.received = false;
        throw error;
      }
    }
  }

  #checkServer({ reason, aborted }: ShutdownReport): void {
    const took = this.#world.now - this.#stopAt;
    assert(took <= this.#grace + SLACK_MS, `the drain took ${took} ms of ${this.#grace}`);
    const cut = [...this.#exchanges.values()].filter((exchange) => exchange.cut !== undefined);
    assertEquals({ reason, aborted }, { reason: "SIGTERM", aborted: cut.length });
  }

  #checkExchanges(): void {
    for (const { id, begun = 0, cut = Infinity, answered, received } of this.#exchanges.values()) {
      assert(begun <= this.#stopAt + SLACK_MS, `${id} was begun after the stop`);
      assert(cut >= this.#stopAt + this.#grace, `${id} was cut at ${cut}, before its time`);
      const lost = answered !== undefined && received === false;
      assert(!lost, `${id} was answered at ${answered}, and its client has not got the answer`);
    }
  }
}
