import {
  type Actor,
  actor,
  type ActorOptions,
  Closed,
  type Co,
  Coroutine,
  Full,
  type Future,
  OutsideRuntime,
  shielded,
  sleep,
  TimedOut,
  timeout,
} from "wakeful/runtime";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { FakeLoop } from "../../support/fake_loop.ts";
import { Gate } from "../../support/gate.ts";
import { handPoll } from "../../support/hand_poll.ts";
import { Recorder } from "../../support/recorder.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

/** Notes what it is told, and waits at a gate where it is asked to. */
class Clerk {
  readonly log = new Recorder();
  readonly gate = new Gate<string>();

  note(what: string): number {
    this.log.note(what);
    return this.log.seen.length;
  }

  *hold(what: string): Co<string> {
    this.log.note(`${what} begun`);
    try {
      const answer = yield* this.gate;
      this.log.note(`${what} done`);
      return answer;
    } finally {
      this.log.note(`${what} left`);
    }
  }

  wait(): Future<string> {
    return this.gate;
  }

  fail(): never {
    throw new RangeError("no");
  }
}

/** An actor on a loop whose tasks run when the test says so. */
function employ(options?: ActorOptions) {
  const loop = new FakeLoop();
  const clerk = new Clerk();
  const address = loop.inside(() => actor(clerk, options));
  const poll = <T>(body: Co<T> | Future<T>) => handPoll(new Coroutine(body as Co<T>), loop);
  const ended = () => handPoll(address.ended(), loop);
  return { loop, clerk, address, poll, ended };
}

Deno.test("Actor: a message is answered with what the method returns", () => {
  const { loop, address, poll } = employ();
  const asked = poll(address.ask("note", "a"));
  asked.assertPending();
  loop.runAll();
  assert(asked.woken);
  asked.assertReady(1);
});

Deno.test("Actor: the reply's type is the method's, waited for", () => {
  const { address } = employ();
  const number: Co<number> = address.ask("note", "a");
  const fromCoroutine: Co<string> = address.ask("hold", "a");
  const fromFuture: Co<string> = address.ask("wait");
  // @ts-expect-error: it is not a message
  address.ask("log");
  // @ts-expect-error: the contents are missing
  address.ask("note");
  assertEquals([number, fromCoroutine, fromFuture].length, 3);
});

Deno.test("Actor: one message at a time, also while a method waits", () => {
  const { loop, clerk, address, poll } = employ();
  const [held, noted] = [poll(address.ask("hold", "a")), poll(address.ask("note", "b"))];
  held.assertPending();
  noted.assertPending();
  loop.runAll();
  assertEquals([clerk.log.line, address.length], ["a begun", 1]);
  clerk.gate.open("now");
  loop.runAll();
  held.assertReady("now");
  noted.assertReady(4);
  assertEquals(clerk.log.line, "a begun a done a left b");
});

Deno.test("Actor: nothing is sent before the first poll", () => {
  const { loop, clerk, address, poll } = employ();
  const asked = poll(address.ask("note", "a"));
  loop.runAll();
  assertEquals([address.length, clerk.log.line], [0, ""]);
  asked.drop();
});

Deno.test("Actor: a full mailbox makes the next one wait for room", () => {
  const { loop, clerk, address, poll } = employ({ capacity: 1 });
  poll(address.tell("note", "a")).assertReady(undefined);
  const second = poll(address.tell("note", "b"));
  second.assertPending();
  loop.runAll();
  assert(second.woken);
  second.assertReady(undefined);
  loop.runAll();
  assertEquals(clerk.log.line, "a b");
});

Deno.test("Actor: tryTell gives the message back when there is no room", () => {
  const { loop, clerk, address } = employ({ capacity: 1, name: "clerk" });
  address.tryTell("note", "a");
  const full = assertThrows(() => address.tryTell("note", "b"), Full, "the mailbox of clerk");
  assertEquals(full.value, ["note", "b"]);
  loop.runAll();
  assertEquals(clerk.log.line, "a");
});

Deno.test("Actor: an error goes to the asker, and the actor lives on", () => {
  const { loop, address, poll } = employ();
  const [failed, noted] = [poll(address.ask("fail")), poll(address.ask("note", "a"))];
  failed.assertPending();
  noted.assertPending();
  loop.runAll();
  assertThrows(() => failed.poll(), RangeError, "no");
  noted.assertReady(1);
  assertEquals(loop.unclaimed, []);
});

Deno.test("Actor: an error of what was told, not asked, is reported", () => {
  const { loop, address, poll } = employ();
  poll(address.tell("fail")).assertReady(undefined);
  loop.runAll();
  assertEquals(loop.unclaimed.map(String), ["RangeError: no"]);
});

Deno.test("Actor: a promise is no answer", () => {
  const loop = new FakeLoop();
  const address = loop.inside(() => actor({ later: () => Promise.resolve(1) }));
  const asked = handPoll(new Coroutine(address.ask("later")), loop);
  asked.assertPending();
  loop.runAll();
  assertThrows(() => asked.poll(), TypeError, "fromPromise(promise)");
});

Deno.test("Actor: an asker that is dropped while it waits for room has sent nothing", () => {
  const { loop, clerk, address, poll } = employ({ capacity: 1 });
  address.tryTell("note", "a");
  const asked = poll(address.ask("note", "b"));
  asked.assertPending();
  asked.drop();
  loop.runAll();
  assertEquals(clerk.log.line, "a");
});

Deno.test("Actor: an asker that is dropped later does no harm, and an error is reported", () => {
  const { loop, clerk, address, poll } = employ();
  for (const asked of [poll(address.ask("hold", "a")), poll(address.ask("fail"))]) {
    asked.assertPending();
    asked.drop();
  }
  loop.runAll();
  clerk.gate.open("now");
  loop.runAll();
  assertEquals(clerk.log.line, "a begun a done a left");
  assertEquals(loop.unclaimed.map(String), ["RangeError: no"]);
  const asked = poll(address.ask("note", "b"));
  asked.assertPending();
  loop.runAll();
  asked.assertReady(4);
});

Deno.test("Actor: stop lets it finish what is in the mailbox and what waits for room", () => {
  const { loop, clerk, address, poll, ended } = employ({ capacity: 1 });
  const wait = ended();
  address.tryTell("note", "a");
  const waiting = poll(address.ask("note", "b"));
  waiting.assertPending();
  wait.assertPending();
  address.stop();
  loop.runAll();
  waiting.assertPending();
  loop.runAll();
  waiting.assertReady(2);
  assert(wait.woken);
  wait.assertReady(undefined);
  assertEquals([clerk.log.line, address.isClosed], ["a b", true]);
});

Deno.test("Actor: after the end, and after stop, everything is refused", () => {
  const { loop, address, poll, ended } = employ({ name: "clerk" });
  const refused = () => {
    for (const sent of [poll(address.ask("note", "a")), poll(address.tell("note", "a"))]) {
      assertThrows(() => sent.poll(), Closed, 'the actor "clerk" is closed');
    }
    assertThrows(() => address.tryTell("note", "a"), Closed, 'the actor "clerk" is closed');
  };
  address.stop();
  refused();
  loop.runAll();
  refused();
  ended().assertReady(undefined);
  address.stop();
  address.abort();
});

Deno.test("Actor: abort drops what it handles, and refuses those who wait", () => {
  const { loop, clerk, address, poll, ended } = employ({ capacity: 1 });
  const asked = [poll(address.ask("hold", "a")), poll(address.ask("note", "b"))];
  asked[0].assertPending();
  loop.runAll();
  asked[1].assertPending();
  asked.push(poll(address.ask("note", "c"))); // waits for room
  asked[2].assertPending();
  address.abort();
  for (const each of asked) {
    assert(each.woken);
    assertThrows(() => each.poll(), Closed, 'the actor "actor"');
    assertEquals(each.kept, 0);
  }
  ended().assertReady(undefined);
  assertEquals(clerk.log.line, "a begun a left");
  assertEquals([loop.unclaimed, loop.alive.size], [[], 0]);
});

Deno.test("Actor: aborted before its first turn, it refuses what was sent", () => {
  const { address, poll } = employ();
  const asked = poll(address.ask("note", "a"));
  asked.assertPending();
  address.abort();
  assertThrows(() => asked.poll(), Closed);
});

Deno.test("Actor: disposing of it aborts it", () => {
  const loop = new FakeLoop();
  loop.inside(() => {
    using _address = actor(new Clerk());
  });
  assertEquals(loop.alive.size, 0);
});

Deno.test("Actor: a fatal error ends it; the asker and ended() get it, the others are refused", () => {
  const isFatal = (error: unknown) => error instanceof RangeError;
  const { loop, address, poll, ended } = employ({ isFatal });
  const [failed, noted] = [poll(address.ask("fail")), poll(address.ask("note", "a"))];
  failed.assertPending();
  noted.assertPending();
  loop.runAll();
  assertThrows(() => failed.poll(), RangeError, "no");
  assertThrows(() => noted.poll(), Closed);
  for (const wait of [ended(), ended()]) assertThrows(() => wait.poll(), RangeError, "no");
  assertEquals(loop.unclaimed, []);
});

Deno.test("Actor: a wait for its end can be dropped", () => {
  const { address, ended } = employ();
  const wait = ended();
  wait.assertPending();
  wait.drop();
  assertEquals(wait.kept, 0);
  address.abort();
});

Deno.test("Actor: ended() waits for what is shielded in a method", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const save = () =>
    shielded(100, function* () {
      yield* sleep(10);
      log.note("saved");
    });
  let address!: Actor<{ save: typeof save }>;
  virtual.run(function* () {
    address = actor({ save });
    yield* address.tell("save");
    yield* sleep(1);
    address.abort();
    assertThrows(() => address.tryTell("save"), Closed);
    assertEquals(log.line, "");
    yield* address.ended();
    assertEquals(log.line, "saved");
  });
});

Deno.test("Actor: a time limit around an ask leaves the actor as it was", () => {
  using virtual = new VirtualRuntime();
  const clerk = new Clerk();
  virtual.run(function* () {
    using address = actor(clerk);
    const limited = timeout(10, address.ask("hold", "a"));
    try {
      yield* limited;
    } catch (error) {
      assert(error instanceof TimedOut);
    }
    clerk.gate.open("late");
    assertEquals(yield* address.ask("note", "b"), 4);
  });
});

Deno.test("Actor: needs a task around it, and a proper capacity", () => {
  assertThrows(() => actor({}), OutsideRuntime);
  assertThrows(() => employ({ capacity: 0 }), RangeError, "as capacity, got 0");
});
