import { Misuse, now, sleep } from "wakeful/runtime";
import type { World } from "wakeful/testing";
import { assert, assertEquals, assertGreater, assertThrows } from "../../../support/assert.ts";
import { bytes, textOf } from "../../../support/bytes.ts";
import { Recorder } from "../../../support/recorder.ts";
import { ask, echoHost, failureOf, headOf, simulated } from "../../../support/sim_scenes.ts";

/** A host that asks the server once, and tells how long that took. */
function asker(world: World) {
  return world.host("client", function* () {
    const before = now();
    assertEquals(textOf(yield* ask("server", bytes("hello"))), "hello");
    return now() - before;
  });
}

Deno.test("World: hosts have names, which are theirs alone", () =>
  simulated(function* (world) {
    const server = echoHost(world);
    assertEquals([world.find("server"), world.hosts], [server, [server]]);
    assertThrows(() => world.find("nobody"), Misuse, "nobody");
    assertThrows(() => echoHost(world), Misuse, "second host");
  }));

Deno.test("World: a host is reached by its name and by its address", () =>
  simulated(function* (world) {
    const server = echoHost(world);
    const client = world.host("client", () => ask(server.ip, bytes("by address")));
    assertEquals(textOf(yield* client.outcome()), "by address");
  }));

Deno.test("World.link: says how long the way is", () =>
  simulated(function* (world) {
    echoHost(world);
    const client = asker(world);
    world.link("client", "server", { latency: 100 });
    const took = yield* client.outcome();
    assert(took > 390 && took < 420, "there and back, twice");
  }));

Deno.test("World.partition: lasts until it is healed", () =>
  simulated(function* (world) {
    echoHost(world);
    const client = asker(world);
    world.partition("client", ["server"]);
    world.at(5_000, () => world.heal());
    assertGreater(yield* client.outcome(), 5_000);
  }));

Deno.test("World.partitionOneWay: the other way stays open", () =>
  simulated(function* (world) {
    const [one, other] = [echoHost(world, "one"), echoHost(world, "other")];
    world.partitionOneWay("one", "other");
    const paths = [[one, other], [other, one]].map(([from, to]) =>
      from.machine.network.path(from.machine, to.machine).up
    );
    assertEquals(paths, [false, true]);
  }));

Deno.test("World.at: actions happen at their time, and an error fails the world", async () => {
  const log = new Recorder();
  const failure = await failureOf(function* (world) {
    world.at(2, () => log.note(`two at ${world.now}`));
    world.at(1, () => log.note(`one at ${world.now}`));
    world.at(3, () => {
      throw new Error("planted");
    });
    yield* sleep(10);
  });
  assertEquals([log.line, headOf(failure)], ["one at 1 two at 2", "planted"]);
});

Deno.test("World.chaos: nothing begins before now, and all is well afterwards", async () => {
  for (let seed = 0; seed < 30; seed++) {
    await simulated(function* (world) {
      const hosts = ["a", "b", "c"].map((name) => echoHost(world, name));
      yield* sleep(1_000);
      const faults = yield* world.chaos({ hosts: ["a", "b", "c"], until: 20_000 });
      assert(world.now >= 20_000);
      assert(faults.length > 5 && faults.every(({ at }) => at >= 1_000));
      assertEquals([world.faults, world.drawn], [faults, faults.length]);
      assertEquals(hosts.map(({ running }) => running), [true, true, true]);
      assert(hosts.every(({ machine }) => machine.reachable));
      for (const from of hosts) {
        for (const to of hosts) assert(from.machine.network.path(from.machine, to.machine).up);
      }
      const client = world.host("client", function* () {
        for (const name of ["a", "b", "c"]) yield* ask(name, bytes("well?"));
        return "well";
      });
      assertEquals(yield* client.outcome(), "well");
      assert(world.now < 20_200, "no link is bad any more, and nobody is paused");
    }, seed);
  }
});
