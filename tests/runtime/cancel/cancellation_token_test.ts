import {
  CancellationToken,
  Cancelled,
  type Co,
  pending,
  PolledAfterReady,
  ready,
  shielded,
  sleep,
} from "wakeful/runtime";
import {
  assert,
  assertEquals,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
} from "../../support/assert.ts";
import { failing, waiting } from "../../support/bodies.ts";
import { FakeAbortSignal } from "../../support/fake_abort_signal.ts";
import { Gate } from "../../support/gate.ts";
import { handPoll } from "../../support/hand_poll.ts";
import { Recorder } from "../../support/recorder.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

const MANY = 1_000_000;

Deno.test("CancellationToken: cancelling ends the wait with the reason, and the first reason stays", () => {
  const token = new CancellationToken();
  const wait = handPoll(token.cancelled());
  wait.assertPending();
  assertEquals([token.isCancelled, token.reason, token.waiting], [false, undefined, 1]);
  token.cancel("enough");
  token.cancel("later");
  assertEquals([wait.wakes, wait.kept], [1, 0]);
  wait.assertReady("enough");
  assertEquals([token.isCancelled, token.reason, token.waiting], [true, "enough", 0]);
  assertThrows(() => wait.poll(), PolledAfterReady, "cancelled()");
});

Deno.test("CancellationToken: a wait that comes late is ready at once; an empty reason is one", () => {
  const token = new CancellationToken();
  token.cancel("");
  assertEquals([token.isCancelled, token.reason], [true, ""]);
  handPoll(token.cancelled()).assertReady("");
  handPoll(token.child().cancelled()).assertReady("");
});

Deno.test("CancellationToken: cancelled without a reason it has one nevertheless", () => {
  const token = new CancellationToken();
  token.cancel();
  assertEquals(token.reason, "its token was cancelled");
});

Deno.test("CancellationToken: a dropped wait leaves nothing behind", () => {
  const token = new CancellationToken();
  const wait = handPoll(token.child().child().cancelled());
  wait.assertPending();
  assertEquals(token.waiting, 1);
  wait.drop();
  wait.drop();
  assertEquals([token.waiting, wait.kept], [0, 0]);
  token.cancel();
  assertEquals(wait.woken, false);
});

Deno.test("CancellationToken: a wait that moves to another task wakes that one", () => {
  const token = new CancellationToken();
  const wait = token.cancelled();
  const [one, other] = [handPoll(wait), handPoll(wait)];
  one.assertPending();
  other.assertPending();
  assertEquals([one.kept, other.kept, token.waiting], [0, 1, 1]);
  token.cancel();
  assertEquals([one.woken, other.woken], [false, true]);
});

Deno.test("CancellationToken: a child is cancelled with its parent, and by itself without it", () => {
  const parent = new CancellationToken();
  const [one, other] = [parent.child(), parent.child()];
  const waits = [one, other, other.child()].map((token) => handPoll(token.cancelled()));
  for (const wait of waits) wait.assertPending();
  one.cancel("own");
  assertEquals([parent.isCancelled, other.isCancelled, parent.waiting], [false, false, 1]);
  parent.cancel("all");
  assertEquals([one.reason, other.reason, parent.child().reason], ["own", "all", "all"]);
  waits[0].assertReady("own");
  waits[1].assertReady("all");
  waits[2].assertReady("all");
});

Deno.test("CancellationToken: a child stands in its parent's list as long as somebody waits for it", () => {
  const parent = new CancellationToken();
  const child = parent.child();
  assertEquals(parent.waiting, 0);
  const waits = [handPoll(child.cancelled()), handPoll(child.cancelled())];
  for (const wait of waits) wait.assertPending();
  assertEquals([parent.waiting, child.waiting], [1, 2]);
  waits[0].drop();
  assertEquals([parent.waiting, child.waiting], [1, 1]);
  waits[1].drop();
  assertEquals([parent.waiting, child.waiting], [0, 0]);
  waits[0] = handPoll(child.cancelled());
  waits[0].assertPending();
  assertEquals(parent.waiting, 1);
  child.cancel("own");
  assertEquals([parent.waiting, child.waiting], [0, 0]);
});

Deno.test("CancellationToken: a million waits and children leave nothing behind", () => {
  const fake = new FakeAbortSignal();
  const token = CancellationToken.fromSignal(fake.signal);
  const { context } = handPoll(token.cancelled());
  for (let i = 0; i < MANY; i++) {
    const wait = token.child().cancelled();
    wait.poll(context);
    wait.drop();
  }
  assertEquals([token.waiting, fake.listeners], [0, 0]);
});

Deno.test("CancellationToken: run gives the body's value, or its error, and waits no more", () => {
  const token = new CancellationToken();
  const gate = new Gate<number>();
  const run = handPoll(token.run(gate));
  run.assertPending();
  assertEquals(token.waiting, 1);
  gate.open(7);
  run.assertReady(7);
  assertEquals([token.waiting, run.kept], [0, 0]);
  assertThrows(() => run.poll(), PolledAfterReady, "run()");
  assertThrows(() => handPoll(token.run(() => failing())).poll(), RangeError, "own");
  assertEquals(token.waiting, 0);
});

Deno.test("CancellationToken: run drops the body when the token is cancelled, and throws the reason", () => {
  const token = new CancellationToken();
  const log = new Recorder();
  const run = handPoll(token.run(() => waiting(log, "dropped")));
  run.assertPending();
  token.cancel("enough");
  assertEquals([run.woken, log.line], [true, ""]);
  assertThrows(() => run.poll(), Cancelled, "enough");
  assertEquals([log.line, run.kept], ["dropped", 0]);
  assertThrows(() => run.poll(), PolledAfterReady);
});

Deno.test("CancellationToken: when body and cancel come at once, the cancel counts", () => {
  const token = new CancellationToken();
  const gate = new Gate<number>();
  const run = handPoll(token.run(gate));
  run.assertPending();
  token.cancel("now");
  gate.open(7);
  assertThrows(() => run.poll(), Cancelled, "now");
  assertEquals([gate.polls, gate.dropped], [1, 1]);
});

Deno.test("CancellationToken: a body that is always ready ends, too, and one after the cancel is not begun", () => {
  const token = new CancellationToken();
  handPoll(token.run(ready(8))).assertReady(8);
  token.cancel("now");
  const gate = new Gate<string>();
  gate.open("ready");
  assertThrows(() => handPoll(token.run(gate)).poll(), Cancelled, "now");
  assertEquals([gate.polls, gate.dropped, token.waiting], [0, 1, 0]);
});

Deno.test("CancellationToken: a loop that catches the cancel and goes on is reported, once", () => {
  using virtual = new VirtualRuntime();
  const token = new CancellationToken();
  token.cancel("enough");
  virtual.run(function* () {
    for (let i = 0; i < 25_000; i++) {
      try {
        yield* token.run(ready(i));
      } catch {
        // this is the mistake
      }
    }
  });
  virtual.settle();
  assertEquals(virtual.reported.map(([what]) => what), ["the token that was cancelled (enough)"]);
  assertStringIncludes((virtual.reported[0][1] as Error).message, "A cancel was swallowed");
});

Deno.test("CancellationToken: what the body of run shields goes on", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const token = new CancellationToken();
  const task = virtual.spawn(function* (): Co<void> {
    try {
      yield* token.run(() => shielded(100, () => sleep(5)));
    } catch (error) {
      log.note((error as Error).message);
    }
  });
  virtual.settle();
  token.cancel("enough");
  virtual.settle();
  assertEquals([log.line, task.isFinished()], ["The task was cancelled: enough", true]);
  assertEquals(virtual.runtime.statistics().tasks, 1);
  virtual.advance(5);
  assertEquals(virtual.runtime.statistics().tasks, 0);
});

Deno.test("CancellationToken: a dropped run drops its body, and waits no more", () => {
  const token = new CancellationToken();
  const gate = new Gate();
  const run = handPoll(token.run(gate));
  run.assertPending();
  run.drop();
  run.drop();
  assertEquals([gate.dropped, token.waiting, run.kept], [1, 0, 0]);
});

Deno.test("CancellationToken: throwIfCancelled", () => {
  const token = new CancellationToken();
  token.throwIfCancelled();
  token.cancel("enough");
  assertThrows(() => token.child().throwIfCancelled(), Cancelled, "enough");
});

Deno.test("CancellationToken: a callback is called once, at once when it is too late, never after its undo", () => {
  const log = new Recorder();
  const token = new CancellationToken();
  token.subscribe(() => log.note("a"));
  const undo = token.subscribe(() => log.note("b"));
  token.child().subscribe(() => log.note("child"));
  assertEquals(token.waiting, 3);
  undo();
  undo();
  assertEquals(token.waiting, 2);
  token.cancel();
  token.cancel();
  undo();
  assertEquals(log.line, "a child");
  token.subscribe(() => log.note("late"))();
  assertEquals([log.line, token.waiting], ["a child late", 0]);
});

Deno.test("CancellationToken: whatever callbacks throw, everyone is told, and the first error is thrown", () => {
  const token = new CancellationToken();
  const child = token.child();
  child.subscribe(() => failing(new RangeError("first")).next());
  token.subscribe(() => failing(new TypeError("second")).next());
  const waits = [token, child, token.child()].map((each) => handPoll(each.cancelled()));
  for (const wait of waits) wait.assertPending();
  assertThrows(() => token.cancel(), RangeError, "first");
  for (const wait of waits) assert(wait.woken);
  assertEquals([token.waiting, child.waiting], [0, 0]);
});

Deno.test("CancellationToken: cancelled from inside a callback of its own cancel nothing changes", () => {
  const log = new Recorder();
  const parent = new CancellationToken();
  const sibling = parent.child();
  parent.subscribe(() => {
    parent.cancel("again");
    sibling.cancel("sibling");
    log.note("first");
  });
  sibling.subscribe(() => log.note(`sibling: ${sibling.reason}`));
  parent.cancel("enough");
  assertEquals([log.line, parent.reason], ["first sibling: enough", "enough"]);
});

Deno.test("CancellationToken: the list may change while it is told", () => {
  const log = new Recorder();
  const token = new CancellationToken();
  const waits = [1, 2, 3].map(() => handPoll(token.cancelled()));
  const undos: (() => void)[] = [];
  token.subscribe(() => {
    log.note("a");
    for (const undo of undos) undo();
    waits[1].drop();
    handPoll(token.cancelled()).assertReady("enough");
    token.subscribe(() => log.note("at once"));
  });
  undos.push(token.subscribe(() => log.note("never")));
  for (const wait of waits) wait.assertPending();
  token.cancel("enough");
  assertEquals(log.line, "a at once");
  assertEquals(waits.map((wait) => wait.woken), [true, false, true]);
  assertEquals(token.waiting, 0);
});

Deno.test("CancellationToken: a guard cancels when it is disposed of, unless it was disarmed", () => {
  const [token, spared] = [new CancellationToken(), new CancellationToken()];
  {
    using _guard = token.dropGuard();
    using disarmed = spared.dropGuard();
    disarmed.disarm();
    assertEquals(token.isCancelled, false);
  }
  assertEquals([token.reason, spared.isCancelled], ["its guard was dropped", false]);
});

Deno.test("CancellationToken: from an AbortSignal, which it listens to only while somebody waits", () => {
  const fake = new FakeAbortSignal();
  const token = CancellationToken.fromSignal(fake.signal);
  const wait = handPoll(token.child().cancelled());
  assertEquals(fake.listeners, 0);
  wait.assertPending();
  assertEquals(fake.listeners, 1);
  fake.abort(new Error("platform"));
  assert(wait.woken);
  wait.assertReady("platform");
  assertEquals([fake.listeners, token.reason, token.waiting], [0, "platform", 0]);
});

Deno.test("CancellationToken: one from a signal may be cancelled by itself, and stops listening", () => {
  const fake = new FakeAbortSignal();
  const token = CancellationToken.fromSignal(fake.signal);
  const wait = handPoll(token.cancelled());
  wait.assertPending();
  token.cancel("own");
  fake.abort("late");
  wait.assertReady("own");
  assertEquals([fake.listeners, token.reason], [0, "own"]);
});

Deno.test("CancellationToken: one from a signal that has aborted is cancelled, in the signal's words", () => {
  const reasonOf = (reason?: unknown) =>
    CancellationToken.fromSignal(AbortSignal.abort(reason)).reason;
  assertEquals(reasonOf("text"), "text");
  assertEquals(reasonOf(new Error("message")), "message");
  assertEquals(reasonOf(new Cancelled("enough")), "enough");
  assertEquals(reasonOf(null), "null");
  assertEquals(reasonOf(), "The signal has been aborted");
});

Deno.test("CancellationToken: as an AbortSignal, always the same, with the reason", () => {
  const token = new CancellationToken();
  const child = token.child();
  const { signal } = child;
  assertStrictEquals(child.signal, signal);
  assertEquals([signal.aborted, token.waiting], [false, 1]);
  token.cancel("enough");
  assert(signal.aborted && signal.reason instanceof Cancelled);
  assertEquals([signal.reason.reason, token.waiting], ["enough", 0]);
  assert(token.signal.aborted);
});

Deno.test("CancellationToken: a child's signal no longer keeps it in the list once the child is cancelled", () => {
  const token = new CancellationToken();
  for (let i = 0; i < 10; i++) {
    const request = token.child();
    using _guard = request.dropGuard();
    assertEquals(request.signal.aborted, false);
  }
  assertEquals(token.waiting, 0);
});

Deno.test("CancellationToken: through a signal and back it keeps its reason", () => {
  const token = new CancellationToken();
  const back = CancellationToken.fromSignal(token.signal);
  const wait = handPoll(back.run(pending()));
  wait.assertPending();
  token.cancel("enough");
  assertThrows(() => wait.poll(), Cancelled, "enough");
});
