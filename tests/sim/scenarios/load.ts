import { type Co, sleep, spawn, timeout } from "wakeful/runtime";
import type { Host, World } from "wakeful/testing";
import type { Report } from "../../../commands/load-tester/report/report.ts";
import { assert, assertEquals } from "../../support/assert.ts";
import { MANNERS, type Manners, type Served, serveWithManners } from "../parts/http_manners.ts";
import { type LoadOutcome, loadTool } from "../parts/load_tool.ts";
import { drawWeather } from "../parts/weather.ts";
import type { Scenario } from "../scenario.ts";

const PORT = 8080;
const URL = `http://server:${PORT}/`;
const HOSTS = ["server", "client"];
const CHAOS_MS = 8_000;
const TIMEOUT_MS = 3_000;
const CONNECT_TIMEOUT_MS = 2_000;
/** More than all limits of any run together. */
const PATIENCE_MS = 300_000;
/** A run that time ends is not longer than that, and this. */
const GRACE_MS = 100;

/** What is asked, and after how long it is over, where time ends it. */
interface Order {
  readonly argv: readonly string[];
  readonly duration?: number;
}

const ORDERS: readonly Order[] = [
  { argv: ["-n", "30", "-c", "3"] },
  { argv: ["-z", "6s", "-c", "2"], duration: 6_000 },
  { argv: ["-q", "20", "-z", "5s", "-c", "4"], duration: 5_000 },
  { argv: ["--steps", "5,10,40@2s", "-c", "3"], duration: 6_000 },
  { argv: ["-q", "10", "-n", "40", "-c", "2"] },
];
const EXTRAS = [[], ["--disable-keepalive"], ["--warmup", "5"], ["--repeat", "2"]];

export const scenario: Scenario = {
  name: "load",
  about: "load-tester against servers without manners: the right class each time, a book that " +
    "balances, no hang",
  limit: 600_000,
  *run(world) {
    yield* new LoadWorld(world).run();
  },
};

class LoadWorld {
  #world: World;
  #order: Order;
  #manners: readonly Manners[];
  #served: Served = { requests: 0 };
  #tool: Host<LoadOutcome>;
  /** Whether nothing goes wrong but what the server does. */
  #isCalm: boolean;
  #began = 0;

  constructor(world: World) {
    const { random } = world;
    this.#world = world;
    this.#order = random.pick(ORDERS);
    this.#isCalm = random.chance(0.5);
    const all = Object.values(MANNERS);
    this.#manners = random.chance(0.5) ? [random.pick(all)] : all;
    const choose = () => random.pick(this.#manners);
    world.host("server", () => serveWithManners(PORT, choose, this.#served));
    const argv = [
      ...[URL, "-t", `${TIMEOUT_MS}ms`, "--connect-timeout", `${CONNECT_TIMEOUT_MS}ms`],
      ...this.#order.argv,
      ...random.pick(EXTRAS),
    ];
    this.#tool = world.host("client", () => loadTool(argv));
  }

  *run(): Co<void> {
    const world = this.#world;
    this.#began = world.now;
    if (!this.#isCalm) spawn(() => this.#disturb(), { name: "disturbance" });
    const isStopped = world.random.chance(0.2);
    if (isStopped) {
      yield* sleep(world.random.between(1, CHAOS_MS));
      if (this.#tool.running) this.#tool.signal("SIGTERM");
    }
    const outcome = yield* timeout(PATIENCE_MS, this.#tool.outcome());
    if ("report" in outcome) this.#check(outcome.report);
    else assert(!this.#isCalm, `there is no report: ${outcome.line}`);
  }

  /** The client's process goes on: it is the server and the way to it that have trouble. */
  *#disturb(): Co<void> {
    const trouble = drawWeather(this.#world, HOSTS);
    yield* this.#world.chaos({
      ...trouble,
      hosts: ["server"],
      links: [["server", "client"]],
      until: CHAOS_MS,
    });
  }

  #check(report: Report): void {
    for (const run of report.runs) {
      const { ledger } = run;
      const broken = ledger.errors.reduce((sum, { count }) => sum + count, 0);
      assertEquals(ledger.planned, ledger.sent + ledger.notSent);
      assertEquals(ledger.sent, ledger.ok + ledger.badStatus + broken + ledger.unfinished);
      assertEquals(run.service.count, ledger.ok + ledger.badStatus);
      const statuses = Object.values(run.statusCodes).reduce((sum, count) => sum + count, 0);
      assertEquals(statuses, ledger.ok + ledger.badStatus);
      const slices = run.timeline.slices.reduce((sum, { sent }) => sum + sent, 0);
      assertEquals(slices, ledger.sent);
      const { duration } = this.#order;
      if (duration !== undefined) assert(run.durationMs <= duration + GRACE_MS);
    }
    const answered = report.runs.reduce((sum, { ledger }) => sum + ledger.ok + ledger.badStatus, 0);
    assert(answered <= this.#served.requests, `${answered} answers to ${this.#served.requests}`);
    if (this.#isCalm) this.#checkFates(report);
    const took = this.#world.now - this.#began;
    this.#world.note("the run is over", Math.round(took), answered);
  }

  #checkFates({ runs }: Report): void {
    const fates: readonly string[] = this.#manners.flatMap(({ fates }) => fates);
    for (const { ledger } of runs) {
      const seen = [
        ...(ledger.ok > 0 ? ["ok"] : []),
        ...(ledger.badStatus > 0 ? ["bad status"] : []),
        ...ledger.errors.map((error) => error.class),
      ];
      for (const fate of seen) assert(fates.includes(fate), `${fate} is none of ${fates}`);
    }
  }
}
