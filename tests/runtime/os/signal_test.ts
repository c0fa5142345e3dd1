import {
  blockOn,
  ctrlC,
  PolledAfterReady,
  Signal,
  terminate,
  TimedOut,
  timeout,
} from "wakeful/runtime";
import { assert, assertEquals, assertFalse, assertThrows } from "../../support/assert.ts";
import { FakeLoop } from "../../support/fake_loop.ts";
import { handPoll } from "../../support/hand_poll.ts";
import { Recorder } from "../../support/recorder.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

/** A signal on a fake driver, and the source behind it. */
function fakeSignal() {
  const loop = new FakeLoop();
  const signal = loop.inside(() => new Signal("SIGHUP"));
  return { loop, signal, source: loop.driver.sources[0] };
}

Deno.test("Signal: receive is pending, then woken by a delivery, then ready", () => {
  const { loop, signal, source } = fakeSignal();
  assertEquals([signal.name, loop.driver.asked], ["SIGHUP", ["signal SIGHUP"]]);
  const received = handPoll(signal.receive(), loop);
  received.assertPending();
  source.happen();
  assert(received.woken);
  received.assertReady(undefined);
});

Deno.test("Signal: polling a receive after its delivery is an error", () => {
  const { signal, source } = fakeSignal();
  source.happen();
  source.happen();
  const received = handPoll(signal.receive());
  received.assertReady(undefined);
  assertThrows(() => received.poll(), PolledAfterReady);
});

Deno.test("Signal: deliveries that come while nobody waits are counted", () => {
  const { loop, signal, source } = fakeSignal();
  source.happen();
  source.happen();
  for (let i = 0; i < 2; i++) handPoll(signal.receive(), loop).assertReady(undefined);
  handPoll(signal.receive(), loop).assertPending();
});

Deno.test("Signal: a dropped receive loses no delivery", () => {
  const { loop, signal, source } = fakeSignal();
  const dropped = handPoll(signal.receive(), loop);
  dropped.assertPending();
  source.happen();
  dropped.drop();
  handPoll(signal.receive(), loop).assertReady(undefined);
});

Deno.test("Signal: closing stops listening, by hand or by a using declaration", () => {
  const { loop, signal, source } = fakeSignal();
  signal.close();
  assert(source.closed);
  loop.inside(() => {
    using _signal = new Signal("SIGINT");
  });
  assert(loop.driver.sources[1].closed);
  assertEquals(loop.io.size, 0);
});

Deno.test("Signal: closing wakes the one who waits", () => {
  const { loop, signal } = fakeSignal();
  const received = handPoll(signal.receive(), loop);
  received.assertPending();
  signal.close();
  assertEquals([received.woken, received.kept], [true, 0]);
});

for (const [wait, name] of [[ctrlC, "SIGINT"], [terminate, "SIGTERM"]] as const) {
  Deno.test(`${wait.name}: listens for ${name} from the first poll to the end of the wait`, () => {
    const loop = new FakeLoop();
    const waited = handPoll(wait(), loop);
    assertEquals(loop.driver.asked, []);
    loop.inside(() => waited.assertPending());
    assertEquals(loop.driver.asked, [`signal ${name}`]);
    const [source] = loop.driver.sources;
    source.happen();
    assertEquals(waited.wakes, 1);
    waited.assertReady(undefined);
    assert(source.closed);
    assertThrows(() => waited.poll(), PolledAfterReady);
  });

  Deno.test(`${wait.name}: dropped it stops listening, and before its first poll does nothing`, () => {
    const loop = new FakeLoop();
    wait().drop();
    const waited = handPoll(wait(), loop);
    loop.inside(() => waited.assertPending());
    waited.drop();
    assertEquals([loop.io.size, waited.kept], [0, 0]);
  });
}

Deno.test("ctrlC: is a task by itself, without a coroutine around it", () => {
  using virtual = new VirtualRuntime();
  const task = virtual.spawn(ctrlC());
  virtual.settle();
  assertEquals(virtual.driver.asked, ["signal SIGINT"]);
  virtual.driver.sources[0].happen();
  virtual.settle();
  assert(task.isFinished());
});

Deno.test("ctrlC: under a time limit that strikes, nothing listens any more", () => {
  using virtual = new VirtualRuntime();
  const body = function* () {
    yield* timeout(10, ctrlC());
  };
  assertThrows(() => virtual.run(body), TimedOut);
  assertFalse(virtual.driver.sources.some((source) => !source.closed));
});

Deno.test("Signal: two tasks that listen for one signal with objects of their own both hear it", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  for (const name of ["a", "b"]) {
    virtual.spawn(function* () {
      yield* ctrlC();
      log.note(name);
    });
  }
  virtual.settle();
  for (const source of virtual.driver.sources) source.happen();
  virtual.settle();
  assertEquals(log.line, "a b");
});

Deno.test("Signal: waiting for nothing but the platform's own signal keeps the process alive", async () => {
  await blockOn(function* () {
    using signal = new Signal("SIGHUP");
    Deno.kill(Deno.pid, "SIGHUP");
    yield* signal.receive();
  });
});

Deno.test("ctrlC: a program ends its wait on SIGINT and after that dies of it", async () => {
  const args = [
    "run",
    "--no-check",
    new URL("../../support/ctrl_c_program.ts", import.meta.url).href,
  ];
  const child = new Deno.Command(Deno.execPath(), { args, stdout: "piped" }).spawn();
  const says = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  assertEquals((await says.read()).value, "listening\n");
  child.kill("SIGINT");
  assertEquals((await says.read()).value, "over\n");
  child.kill("SIGINT");
  assertEquals((await child.status).signal, "SIGINT");
  await says.cancel();
});
