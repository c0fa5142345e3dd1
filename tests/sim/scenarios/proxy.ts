import { type Co, joinAll, sleep, spawn, timeout } from "wakeful/runtime";
import { TcpListener } from "wakeful/net";
import type { Host, World } from "wakeful/testing";
import { Proxy, type ProxyOptions } from "../../../examples/proxy.ts";
import { assert, assertEquals } from "../../support/assert.ts";
import {
  askOnce,
  bytesBothWays,
  isTrouble,
  keepAsking,
  questionsAndAnswers,
  serveAll,
  type Talk,
} from "../parts/proxied.ts";
import { drawWeather } from "../parts/weather.ts";
import type { Scenario } from "../scenario.ts";

const FRONT = { host: "proxy", port: 8081 };
const BEHIND = { host: "behind", port: 8080 };
const CLIENTS = ["ann", "ben", "cleo"];
const HOSTS = ["proxy", "behind", ...CLIENTS];
const CHAOS_MS = 10_000;
const IDLE_MS = 20_000;
/** Of bytes both ways, one talks and listens at once, one after the other. */
const LATE_CLIENTS = 2;
const WATCH_MS = 50;
const SECOND_MS = 1_000;
const SERVED_AGAIN_MS = 60_000;
/** All limits, and what the system does by itself, are shorter. */
const ALL_GONE_MS = 120_000;

export const scenario: Scenario = {
  name: "proxy",
  about: "examples/proxy.ts between crashing hosts: prefixes both ways, pools that add up",
  limit: 600_000,
  *run(world) {
    yield* new ProxyWorld(world).run();
  },
};

class ProxyWorld {
  #world: World;
  #options: ProxyOptions;
  #talk: Talk;
  #front: Host<void>;
  #clients: Host<void>[];
  #proxy: Proxy | undefined;
  #over = false;

  constructor(world: World) {
    this.#world = world;
    const lines = world.random.chance(0.5);
    this.#options = { to: BEHIND, max: world.random.between(1, 3), lines, idle: IDLE_MS };
    const talk = this.#talk = lines ? questionsAndAnswers() : bytesBothWays();
    world.host("behind", () => serveAll(BEHIND.port, talk));
    this.#front = world.host("proxy", () => this.#serve());
    this.#clients = CLIENTS.map((name) =>
      world.host(name, () => keepAsking(FRONT, talk, () => this.#over))
    );
  }

  *run(): Co<void> {
    const world = this.#world;
    spawn(() => this.#watchPool(), { name: "watcher of the pool" });
    const trouble = drawWeather(world, HOSTS);
    yield* world.chaos({ hosts: HOSTS, until: CHAOS_MS, ...trouble });
    for (let i = 0; i < LATE_CLIENTS; i++) {
      yield* timeout(SERVED_AGAIN_MS, this.#askUntilServed());
    }
    this.#over = true;
    yield* timeout(ALL_GONE_MS, joinAll(this.#clients.map((client) => client.join())));
    yield* this.#seeEverythingClosed();
  }

  *#serve(): Co<void> {
    using listener = yield* TcpListener.bind({ host: "0.0.0.0", port: FRONT.port });
    this.#proxy = new Proxy(this.#options);
    yield* this.#proxy.serve(listener);
  }

  *#askUntilServed(): Co<void> {
    for (;;) {
      try {
        return yield* askOnce(FRONT, this.#talk);
      } catch (error) {
        if (!isTrouble(error)) throw error;
        yield* sleep(SECOND_MS);
      }
    }
  }

  /** Whatever happens, the figures add up. */
  *#watchPool(): Co<void> {
    for (;;) {
      const figures = this.#proxy?.pool.statistics();
      if (figures !== undefined) {
        const { total, idle, inUse, connecting, created, closed } = figures;
        assert(total <= this.#options.max, `${total} connections of ${this.#options.max}`);
        assertEquals([idle + inUse + connecting, created - closed], [total, idle + inUse]);
      }
      yield* sleep(WATCH_MS);
    }
  }

  /** In the end nobody is served, nothing is pooled, and there is no connection left. */
  *#seeEverythingClosed(): Co<void> {
    const gone = this.#world.now + ALL_GONE_MS;
    for (;;) {
      const { clients, pool } = this.#proxy!;
      const { total, waiting } = pool.statistics();
      const left = { clients, total, waiting, sockets: this.#front.machine.streams.size };
      if (Object.values(left).every((figure) => figure === 0)) return;
      assert(this.#world.now < gone, `there are left: ${JSON.stringify(left)}`);
      yield* sleep(SECOND_MS);
    }
  }
}
