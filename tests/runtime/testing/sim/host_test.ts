import { TcpListener, TcpStream, UnixListener } from "wakeful/net";
import { type Co, Misuse, Notify, now, Signal, sleep, spawn } from "wakeful/runtime";
import type { Host, SimDisk } from "wakeful/testing";
import { assert, assertEquals, assertGreater, assertThrows } from "../../../support/assert.ts";
import { bytes, textOf } from "../../../support/bytes.ts";
import { Recorder } from "../../../support/recorder.ts";
import { ask, echoHost, failureOf, headOf, simulated } from "../../../support/sim_scenes.ts";

/** A program that goes on for ever. */
function* forever(): Co<void> {
  yield* new Notify().notified();
}

Deno.test("Host: its program's value is its outcome", () =>
  simulated(function* (world) {
    const host = world.host("a", function* () {
      yield* sleep(5);
      return 42;
    });
    assertEquals([host.running, host.starts, host.ended], [true, 1, undefined]);
    assertEquals(yield* host.outcome(), 42);
    assertEquals([host.running, host.ended], [false, { how: "value", value: 42 }]);
  }));

Deno.test("Host: a crash ends the program at once, and restart begins it anew", () =>
  simulated(function* (world) {
    const log = new Recorder();
    const host: Host<number> = world.host("a", function* () {
      log.note(`start${host.starts}`);
      yield* sleep(10);
      log.note("end");
      return host.starts;
    });
    yield* sleep(5);
    world.crash("a");
    assertEquals([host.running, host.ended, host.tasks()], [false, undefined, []]);
    yield* sleep(20);
    world.restart("a");
    assertThrows(() => host.start(), Misuse, "runs already");
    assertEquals(yield* host.outcome(), 2);
    assertEquals(log.line, "start1 start2 end");
  }));

Deno.test("Host: restart crashes what runs", () =>
  simulated(function* (world) {
    const host = world.host("a", forever);
    yield* sleep(1);
    host.restart();
    assertEquals([host.running, host.starts], [true, 2]);
    yield* sleep(1);
    assertEquals(host.tasks().map(({ name, waitsFor }) => [name, waitsFor]), [[
      "main",
      "Notified",
    ]]);
  }));

Deno.test("Host: a program may crash and restart its own machine", () =>
  simulated(function* (world) {
    const host: Host<number> = world.host("a", function* () {
      yield* sleep(1);
      if (host.starts === 1) host.restart();
      yield* sleep(1);
      return host.starts;
    });
    yield* sleep(3);
    assertEquals([host.running, host.ended], [true, undefined]);
    assertEquals(yield* host.outcome(), 2);
  }));

Deno.test("Host: after a crash its peers see the end, and a new connection reaches the new process", () =>
  simulated(function* (world) {
    echoHost(world);
    const client = world.host("client", function* () {
      using stream = yield* TcpStream.connect({ host: "server", port: 7 });
      yield* sleep(10);
      world.restart("server");
      assertEquals((yield* stream.fill()).length, 0);
      return textOf(yield* ask("server", bytes("again")));
    });
    assertEquals(yield* client.outcome(), "again");
  }));

Deno.test("Host: without power it is silent, and resets whoever sends when power is back", () =>
  simulated(function* (world) {
    const server = echoHost(world);
    const client = world.host("client", function* () {
      using stream = yield* TcpStream.connect({ host: "server", port: 7 });
      yield* sleep(1);
      server.powerOff();
      yield* stream.writeAll(bytes("anybody?"));
      world.at(world.now + 5_000, () => server.start());
      const before = now();
      try {
        yield* stream.fill();
      } catch (error) {
        return [(error as { kind?: string }).kind, now() - before > 5_000];
      }
    });
    assertEquals(yield* client.outcome(), ["connection-reset", true]);
  }));

Deno.test("Host: paused it stands, with its system at work, and then makes up for it", () =>
  simulated(function* (world) {
    const server = echoHost(world);
    yield* sleep(1);
    server.pause();
    world.at(500, () => server.resume());
    const client = world.host("client", function* () {
      using stream = yield* TcpStream.connect({ host: "server", port: 7 });
      assert(now() < 100, "the system accepts connections");
      yield* stream.writeAll(bytes("hello"));
      yield* stream.fill();
      return now();
    });
    assertGreater(yield* client.outcome(), 499);
  }));

Deno.test("Host: a signal reaches who listens, and ends who does not", () =>
  simulated(function* (world) {
    const polite = world.host("polite", function* () {
      using signal = new Signal("SIGTERM");
      yield* signal.receive();
      return "goodbye";
    });
    const deaf = world.host("deaf", forever);
    yield* sleep(1);
    for (const host of [polite, deaf]) host.signal("SIGTERM");
    assertEquals([yield* polite.outcome(), deaf.running], ["goodbye", false]);
  }));

Deno.test("Host: its clock runs at its rate, and its time of day is ahead and jumps", () =>
  simulated(function* (world) {
    const body = function* () {
      yield* sleep(1_000);
      return [now(), world.now].map((ms) => 10 * Math.round(ms / 10));
    };
    const right = world.host("right", body);
    const fast = world.host("fast", body, { clockRate: 2, clockAhead: 5_000 });
    fast.jumpWallClock(-2_000);
    assertEquals(fast.clock.wall() - right.clock.wall(), 3_000);
    assertEquals([yield* right.outcome(), yield* fast.outcome()], [[1_000, 1_000], [1_000, 500]]);
  }));

/** Writes two files and syncs one; then cleanup would undo it all. */
function* careless(disk: () => SimDisk): Co<void> {
  try {
    disk().write("/synced", bytes("safe"));
    disk().sync("/synced");
    disk().write("/unsynced", bytes("x".repeat(100)));
    yield* forever();
  } finally {
    disk().write("/synced", bytes("cleaned up"));
    if (disk().exists("/unsynced")) disk().sync("/unsynced");
  }
}

Deno.test("Host: its files outlive a crash as they are, and no cleanup touches them", () =>
  simulated(function* (world) {
    const host: Host<void> = world.host("a", () => careless(() => host.disk));
    yield* sleep(1);
    host.crash();
    assertEquals(textOf(host.disk.read("/synced")), "safe");
    assertEquals(host.disk.read("/unsynced").length, 100);
  }));

Deno.test("Host: after a power cut only what was synced is certain", async () => {
  const lengths = await Promise.all([1, 2, 3, 4].map((seed) =>
    simulated(function* (world) {
      const host: Host<void> = world.host("a", () => careless(() => host.disk));
      yield* sleep(1);
      host.powerOff();
      assertEquals(textOf(host.disk.read("/synced")), "safe");
      return host.disk.read("/unsynced").length;
    }, seed)
  ));
  assert(lengths.some((length) => length < 100));
});

Deno.test("Host: a Unix socket's file outlives a crash, and its next process takes it over", () =>
  simulated(function* (world) {
    const host: Host<boolean> = world.host("a", function* () {
      using _listener = yield* UnixListener.bind("/run/a.sock");
      yield* sleep(10);
      return host.machine.hasSocketFile("/run/a.sock");
    });
    yield* sleep(5);
    host.crash();
    assert(host.machine.hasSocketFile("/run/a.sock"));
    host.start();
    assertEquals(yield* host.outcome(), true);
    assertEquals(host.machine.hasSocketFile("/run/a.sock"), false);
  }));

Deno.test("Host: when its program ends, its other tasks end with it", () =>
  simulated(function* (world) {
    const log = new Recorder();
    const host = world.host("a", function* () {
      spawn(function* () {
        try {
          yield* forever();
        } finally {
          log.note("cleaned up");
        }
      });
      yield* sleep(1);
    });
    yield* host.join();
    assertEquals([log.line, host.tasks()], ["cleaned up", []]);
  }));

Deno.test("Host: a program that leaves a socket behind fails its world", async () => {
  const failure = await failureOf(function* (world) {
    yield* world.host("a", function* () {
      yield* TcpListener.bind({ host: "0.0.0.0", port: 7 });
    }).join();
  });
  assertEquals(
    headOf(failure),
    "a: a leaves 0 tasks, 0 timers, 1 registrations and 1 sockets behind",
  );
});

Deno.test("Host: a driver may stand in between, to plant a fault", async () => {
  const failure = await failureOf(function* (world) {
    const host = world.host("a", () => ask("b", bytes("x")), {
      driver: (driver) => {
        driver.connect = () => {
          throw new Error("planted");
        };
        return driver;
      },
    });
    yield* host.outcome();
  });
  assertEquals(headOf(failure), "a: planted");
});
