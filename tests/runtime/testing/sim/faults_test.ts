import { Notify, sleep } from "wakeful/runtime";
import type { Fault, FaultKind, World } from "wakeful/testing";
import { beginFault } from "../../../../runtime/testing/sim/faults.ts";
import {
  assert,
  assertEquals,
  assertFalse,
  assertGreaterOrEqual,
} from "../../../support/assert.ts";
import { simulated } from "../../../support/sim_scenes.ts";

/** A world of two hosts, a fault that begins in it, and how the ways stand. */
function scene(world: World, kind: FaultKind, hosts: string[] = ["one", "other"]) {
  const [one, other] = ["one", "other"].map((name) =>
    world.host(name, function* () {
      yield* new Notify().notified();
    })
  );
  const { network } = one.machine;
  const paths = network.paths(one.machine, other.machine);
  const fault: Fault = { kind, at: 0, until: 1, hosts };
  const begin = () =>
    beginFault(fault, {
      random: world.random,
      host: (name) => world.find(name),
      paths: (from, to) => network.paths(world.find(from).machine, world.find(to).machine),
    });
  return { one, other, begin, up: () => paths.map((path) => path.up), paths };
}

Deno.test("faults: a partition shuts both ways, a one-way partition one", () =>
  simulated(function* (world) {
    const { begin, up } = scene(world, "partition");
    const end = begin();
    assertEquals(up(), [false, false]);
    const endOther = begin();
    end();
    assertEquals(up(), [false, false], "another still goes on");
    endOther();
    assertEquals(up(), [true, true]);
  }));

Deno.test("faults: a one-way partition shuts one way", () =>
  simulated(function* (world) {
    const { begin, up } = scene(world, "one-way", ["other", "one"]);
    const end = begin();
    assertEquals(up(), [true, false]);
    end();
    assertEquals(up(), [true, true]);
  }));

Deno.test("faults: a bad link is slow and lossy both ways, for a while", () =>
  simulated(function* (world) {
    const { begin, paths } = scene(world, "bad-link");
    const areSlow = () => paths.map((path) => path.arrival(0) - world.now > 40);
    const end = begin();
    assertEquals(areSlow(), [true, true]);
    end();
    assertEquals(areSlow(), [false, false]);
  }));

Deno.test("faults: after a crash and a power cut the host starts again, unless it has", () =>
  simulated(function* (world) {
    const { one, begin } = scene(world, "crash");
    begin()();
    assertEquals([one.running, one.starts], [true, 2]);
    const end = begin();
    assertFalse(one.running);
    one.start();
    end();
    assertEquals(one.starts, 3);
  }));

Deno.test("faults: a power cut leaves the machine unreachable until its end", () =>
  simulated(function* (world) {
    const { one, begin } = scene(world, "power");
    const end = begin();
    assertEquals([one.running, one.machine.reachable], [false, false]);
    end();
    assertEquals([one.running, one.machine.reachable], [true, true]);
  }));

Deno.test("faults: a clock jump moves the time of day of one, within an hour", () =>
  simulated(function* (world) {
    const { one, other, begin } = scene(world, "clock-jump");
    begin()();
    const jump = one.clock.wall() - other.clock.wall();
    assert(jump !== 0 && Math.abs(jump) <= 3_600_000);
    assertEquals(one.clock.now(), other.clock.now());
  }));

Deno.test("faults: a pause holds one host, and ends", () =>
  simulated(function* (world) {
    const { begin } = scene(world, "pause", ["sleeper"]);
    const sleeper = world.host("sleeper", function* () {
      yield* sleep(5);
      return world.now;
    });
    const end = begin();
    world.at(50, end);
    assertGreaterOrEqual(yield* sleeper.outcome(), 50);
  }));
