import { TcpListener, UdpSocket } from "wakeful/net";
import { type Co, fromPromise, Notify, sleep, spawn, yieldNow } from "wakeful/runtime";
import { type Fault, simulate, type World } from "wakeful/testing";
import { currentLoop } from "../../../../runtime/core/context.ts";
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertNotEquals,
} from "../../../support/assert.ts";
import { bytes, textOf } from "../../../support/bytes.ts";
import { Recorder } from "../../../support/recorder.ts";
import { ask, echoHost, failureOf, headOf } from "../../../support/sim_scenes.ts";

/** A world in which much happens: clients, datagrams, faults, and chance in the programs. */
function* busyWorld(world: World): Co<string> {
  const seen: string[] = [];
  echoHost(world);
  world.host("radio", function* () {
    using socket = yield* UdpSocket.bind({ host: "0.0.0.0", port: 9 });
    const into = new Uint8Array(8);
    for (;;) {
      const { n } = yield* socket.recvFrom(into);
      seen.push(textOf(into.subarray(0, n)));
    }
  });
  for (let i = 0; i < 3; i++) {
    world.host(`client ${i}`, function* () {
      using socket = yield* UdpSocket.bind({ host: "0.0.0.0", port: 0 });
      for (let round = 0; round < 20; round++) {
        yield* sleep(currentLoop().random.below(500));
        spawn(() => yieldNow());
        yield* socket.sendTo(bytes(`${i}.${round}`), { host: "radio", port: 9 });
        try {
          seen.push(textOf(yield* ask("server", bytes(`${i}-${round}`))));
        } catch {
          seen.push("error");
        }
      }
    });
  }
  world.link("radio", "client 0", { loss: 0.2, duplication: 0.2 });
  yield* world.chaos({ hosts: ["server", "radio"], until: 15_000, every: [100, 1_000] });
  return seen.join();
}

Deno.test("simulate: the same seed takes the same course, also beside another simulation", async () => {
  const one = await simulate({ seed: 5 }, busyWorld);
  const [other, third] = await Promise.all([5, 6].map((seed) => simulate({ seed }, busyWorld)));
  assertEquals(one, other);
  assert(one.value.length > 300 && one.faults > 3);
  assertNotEquals(one.hash, third.hash);
  assertNotEquals(one.value, third.value);
});

Deno.test("simulate: every seed takes a course of its own", async () => {
  const hashes = new Set<string>();
  for (let seed = 0; seed < 20; seed++) hashes.add((await simulate({ seed }, busyWorld)).hash);
  assertEquals(hashes.size, 20);
});

Deno.test("simulate: the hash tells a course that differs in one draw of chance", async () => {
  const hashes = await Promise.all([0, 1].map(async (draws) => {
    const { hash } = await simulate({ seed: 1 }, function* (world) {
      echoHost(world);
      yield* sleep(1);
      if (draws > 0) world.find("server").machine.kernel.random.next();
    });
    return hash;
  }));
  assertNotEquals(hashes[0], hashes[1]);
});

Deno.test("simulate: the order of ready tasks follows from the seed", async () => {
  const orders = new Set<string>();
  for (let seed = 0; seed < 20; seed++) {
    const run = () =>
      simulate({ seed }, function* () {
        const log = new Recorder();
        const tasks = ["a", "b", "c"].map((name) =>
          spawn(function* () {
            yield* yieldNow();
            log.note(name);
          })
        );
        for (const task of tasks) yield* task;
        return log.line;
      });
    const [{ value }, again] = [await run(), await run()];
    assertEquals(value, again.value);
    orders.add(value);
  }
  assert(orders.size > 3);
});

Deno.test("simulate: tells its value, its seed, how long it took, and how many faults", async () => {
  const { value, seed, elapsed, faults, hash } = await simulate({ seed: 3 }, function* () {
    yield* sleep(500);
    return "done";
  });
  assertEquals([value, seed, Math.round(elapsed / 10), faults], ["done", 3, 50, 0]);
  assertMatch(hash, /^[0-9a-f]{16}$/);
});

Deno.test("simulate: hours pass in no time", async () => {
  const { elapsed } = await simulate({ seed: 1, limit: 1e9 }, function* () {
    for (let day = 0; day < 10; day++) yield* sleep(24 * 3_600_000);
  });
  assert(elapsed >= 10 * 24 * 3_600_000);
});

Deno.test("simulate: without a seed it draws one, and tells it", async () => {
  const { seed } = await simulate({}, function* () {});
  assert(Number.isSafeInteger(seed));
});

Deno.test("simulate: a body that throws fails it, with its error as the cause", async () => {
  const cause = new Error("planted");
  const failure = await failureOf(function* () {
    throw cause;
  }, { seed: 11 });
  assertEquals([headOf(failure), failure.cause], ["world: planted", cause]);
  assertEquals(failure.circumstances.seed, 11);
});

Deno.test("simulate: a program that throws fails it, whoever waits for it", async () => {
  const failure = await failureOf(function* (world) {
    world.host("a", function* () {
      yield* sleep(5);
      throw new Error("planted");
    });
    yield* sleep(100);
  });
  assertEquals(headOf(failure), "a: planted");
  assert(failure.circumstances.at < 10);
});

Deno.test("simulate: a task's error that nobody asks for fails it", async () => {
  const failure = await failureOf(function* (world) {
    world.host("a", function* () {
      spawn(function* () {
        throw new Error("planted");
      });
      yield* sleep(100);
    });
    yield* sleep(50);
  });
  assertMatch(headOf(failure), /^a: task .* failed: planted$/);
  assertInstanceOf(failure.cause, Error);
  assertEquals((failure.cause.cause as Error).message, "planted");
});

Deno.test("simulate: a deadlock is told at once, with who waits for what", async () => {
  const failure = await failureOf(function* (world) {
    world.host("a", function* () {
      using listener = yield* TcpListener.bind({ host: "0.0.0.0", port: 7 });
      yield* listener.accept();
    });
    yield* sleep(5);
    yield* new Notify().notified();
  });
  assertEquals(headOf(failure), "Everything waits, and nothing is going to happen");
  const { at, tasks } = failure.circumstances;
  assert(at < 10);
  const waits = [...tasks].flatMap(([host, views]) => views.map((view) => [host, view.waitsFor]));
  assertEquals(waits, [["world", "Notified"], ["a", "Accept"]]);
});

Deno.test("simulate: tasks that keep each other busy are told", async () => {
  const failure = await failureOf(function* () {
    for (;;) yield* yieldNow();
  });
  assertEquals(headOf(failure), "Tasks keep each other busy, and nothing else happens");
});

Deno.test("simulate: what takes too long is told when the limit is over", async () => {
  const failure = await failureOf(function* () {
    for (;;) yield* sleep(7);
  }, { limit: 100 });
  assertEquals([headOf(failure), failure.circumstances.at], ["It took longer than 100 ms", 100]);
});

Deno.test("simulate: what the world leaves behind fails it", async () => {
  const failure = await failureOf(function* (world) {
    world.host("a", function* () {
      yield* TcpListener.bind({ host: "0.0.0.0", port: 7 });
      yield* new Notify().notified();
    });
    yield* sleep(5);
  });
  assertEquals(headOf(failure), "a leaves 0 tasks, 0 timers, 1 registrations and 1 sockets behind");
});

Deno.test("simulate: after a failure the programs are cleaned up", async () => {
  const log = new Recorder();
  await failureOf(function* (world) {
    world.host("a", function* () {
      try {
        yield* new Notify().notified();
      } finally {
        log.note("cleaned up");
      }
    });
    yield* sleep(1);
    throw new Error("planted");
  });
  assertEquals(log.line, "cleaned up");
});

Deno.test("simulate: keepFault leaves out the others, which were drawn all the same", async () => {
  const run = (keepFault?: (index: number) => boolean) =>
    simulate({ seed: 2, keepFault }, function* (world): Co<readonly Fault[]> {
      echoHost(world);
      return yield* world.chaos({ hosts: ["server"], until: 20_000 });
    });
  const [all, some, none] = [
    await run(),
    await run((index) => index % 2 === 1),
    await run(() => false),
  ];
  assertEquals(some.value, all.value.filter((_, index) => index % 2 === 1));
  assertEquals(none.value, []);
  assertEquals([some.faults, none.faults], [all.faults, all.faults]);
});

Deno.test("simulate: the faults that happened are reported", async () => {
  const failure = await failureOf(function* (world) {
    echoHost(world);
    yield* world.chaos({ hosts: ["server"], kinds: ["crash"], until: 5_000 });
    throw new Error("planted");
  });
  assertMatch(failure.message, /faults:\n {2}crash of server from \d+ to \d+ ms/);
  assertMatch(failure.message, /\d fault crash server/);
});

Deno.test("simulate: a promise of the platform that settles by itself is no deadlock", async () => {
  const { value } = await simulate({ seed: 1 }, function* () {
    const later = async () => {
      for (let i = 0; i < 50; i++) await undefined;
      return "late";
    };
    return yield* fromPromise(later());
  });
  assertEquals(value, "late");
});
