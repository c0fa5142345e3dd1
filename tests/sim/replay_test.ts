/** What a failure tells, and how it is narrowed down. */

import { type Co, pending, random, sleep, spawn } from "wakeful/runtime";
import { TcpListener, TcpStream } from "wakeful/net";
import { SimulationFailed, type World } from "wakeful/testing";
import { assert, assertEquals, assertStringIncludes } from "../support/assert.ts";
import { minimise, type Ran, runSeed } from "./runner.ts";
import type { Scenario } from "./scenario.ts";

const SEED = 7;

function failed(ran: Ran): SimulationFailed {
  assert(ran instanceof SimulationFailed, "it went through");
  return ran;
}

function scenario(name: string, run: (world: World) => Co<void>): Scenario {
  return { name, about: "fails", limit: 60_000, run };
}

/** A server that is asked once and never answers. */
const silence = scenario("silence", function* (world) {
  world.host("server", function* () {
    using listener = yield* TcpListener.bind({ host: "0.0.0.0", port: 80 });
    using _client = yield* listener.accept();
    yield* pending();
  });
  const client = world.host("client", function* () {
    using stream = yield* TcpStream.connect({ host: "server", port: 80 });
    yield* stream.fill();
  });
  yield* client.outcome();
});

/** Fails when `b` is started a second time, and takes its time to. */
const touchy = scenario("touchy", function* (world) {
  for (const name of ["a", "b", "c"]) world.host(name, () => pending());
  yield* world.chaos({ hosts: ["a", "b", "c"], until: 20_000 });
  if (world.find("b").starts > 1) throw new Error("b was started again");
});

Deno.test("replay: the report tells seed, hash, command, events and who waits for what", async () => {
  const { message, circumstances } = failed(await runSeed(silence, SEED));
  assertStringIncludes(message, `seed ${SEED}, trace ${circumstances.hash}`);
  assertStringIncludes(message, "replay: deno task sim --scenario silence --seed 7\n");
  assertStringIncludes(message, "connect client server");
  assertStringIncludes(message, "client: main waits for Fill");
});

Deno.test("replay: where everything waits for ever, that is the failure", async () => {
  const { message, circumstances } = failed(await runSeed(silence, SEED));
  assert(message.startsWith("Everything waits, and nothing is going to happen"), message);
  assert(circumstances.at < 60_000);
});

Deno.test("replay: what does not end in time is a failure", async () => {
  const endless = scenario("endless", function* () {
    for (;;) yield* sleep(1_000);
  });
  assertStringIncludes(failed(await runSeed(endless, SEED)).message, "longer than 60000 ms");
});

Deno.test("replay: the same seed fails in the same way", async () => {
  const [first, second] = [await runSeed(touchy, SEED), await runSeed(touchy, SEED)].map(failed);
  assertEquals(second.message, first.message);
});

Deno.test("replay: of many faults, the one that matters is found", async () => {
  const failure = failed(await runSeed(touchy, SEED));
  assert(failure.circumstances.faults.length > 5);
  const minimal = await minimise(touchy, failure);
  assertEquals(minimal.faults.length, 1);
  const [fault] = minimal.failure.circumstances.faults;
  assert(/^(crash|power) of b /.test(fault), fault);
});

Deno.test("replay: faults that only do harm together are both kept", async () => {
  const fussy = scenario("fussy", function* (world) {
    for (const name of ["a", "b", "c"]) world.host(name, () => pending());
    yield* world.chaos({ hosts: ["a", "b", "c"], kinds: ["crash"], until: 20_000 });
    const restarted = (name: string) => world.find(name).starts > 1;
    if (restarted("a") && restarted("c")) throw new Error("a and c were started again");
  });
  const { failure } = await minimise(fussy, failed(await runSeed(fussy, SEED)));
  const hosts = failure.circumstances.faults.map((fault) => fault.split(" ")[2]);
  assertEquals(hosts.toSorted(), ["a", "c"]);
});

Deno.test("replay: a failure without any fault needs none", async () => {
  const hopeless = scenario("hopeless", function* (world) {
    world.host("a", () => pending());
    yield* world.chaos({ hosts: ["a"], until: 20_000 });
    throw new Error("it always fails");
  });
  const minimal = await minimise(hopeless, failed(await runSeed(hopeless, SEED)));
  assertEquals(minimal.faults, []);
  assertStringIncludes(minimal.failure.message, "--seed 7 --faults none\n");
});

Deno.test("replay: the faults that are left take the same course each time", async () => {
  const { faults, failure } = await minimise(touchy, failed(await runSeed(touchy, SEED)));
  assertEquals(failed(await runSeed(touchy, SEED, faults)).message, failure.message);
});

Deno.test("replay: tasks tell how they end, and those without a name have no number", async () => {
  const nameless = scenario("nameless", function* (world) {
    const host = world.host("a", function* () {
      yield* spawn(function* () {});
      yield* spawn(function* () {}, { name: "named" });
    });
    yield* host.outcome();
    throw new Error("it always fails");
  });
  const [first, second] = [await runSeed(nameless, SEED), await runSeed(nameless, SEED)];
  assertStringIncludes(failed(first).message, "task ended a task value");
  assertStringIncludes(failed(first).message, "task ended a named value");
  assertEquals(failed(second).circumstances.hash, failed(first).circumstances.hash);
});

Deno.test("replay: leaving a fault out changes nothing for those it does not touch", async () => {
  const drawn: number[] = [];
  const drawing = scenario("drawing", function* (world) {
    drawn.length = 0;
    const listen = function* (): Co<never> {
      using listener = yield* TcpListener.bind({ host: "0.0.0.0", port: 80 });
      for (;;) (yield* listener.accept()).close();
    };
    for (const name of ["b", "c"]) world.host(name, listen);
    world.host("a", function* () {
      for (;;) {
        using _stream = yield* TcpStream.connect({ host: "c", port: 80 });
        drawn.push(random().next(), world.now);
        yield* sleep(100);
      }
    });
    yield* world.chaos({ hosts: ["b"], until: 10_000 });
    drawn.push(world.random.next());
  });
  const course = async (faults?: number[]) => {
    assert(!(await runSeed(drawing, SEED, faults) instanceof SimulationFailed));
    return [...drawn];
  };
  const whole = await course();
  assert(whole.length > 100);
  assertEquals(await course([]), whole);
});
