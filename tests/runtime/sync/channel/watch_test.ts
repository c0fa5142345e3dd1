import {
  Busy,
  Closed,
  Pending,
  PolledAfterReady,
  SendFailed,
  watch,
  type WatchReceiver,
} from "wakeful/runtime";
import {
  assert,
  assertEquals,
  assertFalse,
  assertInstanceOf,
  assertThrows,
} from "../../../support/assert.ts";
import { type HandPoll, handPoll } from "../../../support/hand_poll.ts";
import { thrownBy } from "../../../support/recorder.ts";
import { VirtualRuntime } from "../../../support/virtual_runtime.ts";

function waiting<T>(receiver: WatchReceiver<T>): HandPoll<void> {
  const changed = handPoll(receiver.changed());
  changed.assertPending();
  return changed;
}

Deno.test("watch: the initial value is there and seen", () => {
  const [sender, receiver] = watch("a");
  assertEquals([sender.borrow(), receiver.borrow(), receiver.hasChanged()], ["a", "a", false]);
  waiting(receiver);
});

Deno.test("watch: a change wakes all who wait, once", () => {
  const [sender, receiver] = watch("a");
  const waits = [waiting(receiver), waiting(sender.subscribe())];
  sender.send("b");
  sender.send("c");
  for (const changed of waits) {
    assertEquals([changed.wakes, changed.kept], [1, 0]);
    changed.assertReady(undefined);
  }
  assertEquals(receiver.borrow(), "c");
  waiting(receiver);
});

Deno.test("watch: a change that was not seen is ready at once", () => {
  const [sender, receiver] = watch("a");
  sender.send("b");
  assert(receiver.hasChanged());
  handPoll(receiver.changed()).assertReady(undefined);
  assertFalse(receiver.hasChanged());
});

Deno.test("watch: borrow leaves a value unseen, borrowAndUpdate does not", () => {
  const [sender, receiver] = watch("a");
  sender.send("b");
  assertEquals([receiver.borrow(), receiver.hasChanged()], ["b", true]);
  assertEquals([receiver.borrowAndUpdate(), receiver.hasChanged()], ["b", false]);
});

Deno.test("watch: sending the same value is a change", () => {
  const [sender, receiver] = watch("a");
  sender.send("a");
  assert(receiver.hasChanged());
});

Deno.test("watch: modify sends what it makes of the value", () => {
  const [sender, receiver] = watch({ count: 1 });
  const changed = waiting(receiver);
  sender.modify((value) => {
    value.count++;
    return value;
  });
  assert(changed.woken);
  sender.modify(({ count }) => ({ count: count * 10 }));
  assertEquals(receiver.borrow(), { count: 20 });
});

Deno.test("watch: sendIfModified sends another value only", () => {
  const [sender, receiver] = watch(NaN);
  const changed = waiting(receiver);
  assertFalse(sender.sendIfModified((value) => value));
  assertEquals([changed.woken, receiver.hasChanged()], [false, false]);
  assert(sender.sendIfModified(() => 1));
  assertEquals([changed.woken, receiver.borrow()], [true, 1]);
});

Deno.test("watch: a change function that throws changes nothing", () => {
  const [sender, receiver] = watch(1);
  const failing = () => {
    throw new RangeError("own");
  };
  assertThrows(() => sender.modify(failing), RangeError);
  assertThrows(() => sender.sendIfModified(failing), RangeError);
  assertEquals([receiver.borrow(), receiver.hasChanged()], [1, false]);
});

Deno.test("watch: after the sender's close an unseen value is seen, then Closed", () => {
  const [sender, receiver] = watch("a");
  sender.send("b");
  sender.close();
  sender.close();
  assert(receiver.isClosed);
  handPoll(receiver.changed()).assertReady(undefined);
  assertThrows(() => handPoll(receiver.changed()).poll(), Closed, "the watch channel");
  assertEquals(receiver.borrow(), "b");
});

Deno.test("watch: the sender's close wakes those who wait, with Closed", () => {
  const [sender, receiver] = watch("a");
  const changed = waiting(receiver);
  sender.close();
  assertEquals([changed.wakes, changed.kept], [1, 0]);
  assertThrows(() => changed.poll(), Closed);
  assertThrows(() => changed.poll(), PolledAfterReady, "changed()");
});

Deno.test("watch: a closed sender changes nothing any more", () => {
  const [sender, receiver] = watch(1);
  sender.close();
  assert(sender.isClosed);
  const error = thrownBy(() => sender.send(2));
  assertInstanceOf(error, SendFailed);
  assertEquals(error.value, 2);
  const untouched = (): number => {
    throw new Error("must not be called");
  };
  assertThrows(() => sender.modify(untouched), Closed, "the watch channel");
  assertThrows(() => sender.sendIfModified(untouched), Closed, "the watch channel");
  assertThrows(() => sender.subscribe(), Closed, "the watch channel");
  assertEquals(receiver.borrow(), 1);
});

Deno.test("watch: without receivers a value is kept for those who come later", () => {
  const [sender, receiver] = watch("a");
  receiver.close();
  sender.send("b");
  const later = sender.subscribe();
  assertEquals([later.borrow(), later.hasChanged(), sender.receiverCount], ["b", false, 1]);
});

Deno.test("watch: a clone has seen what the original has", () => {
  const [sender, receiver] = watch("a");
  sender.send("b");
  const clone = receiver.clone();
  assertEquals([receiver.borrowAndUpdate(), clone.hasChanged()], ["b", true]);
  assertFalse(receiver.clone().hasChanged());
  assertEquals(sender.receiverCount, 3);
});

Deno.test("watch: a closed receiver waits for nothing, and what waits on it is woken alone", () => {
  const [sender, receiver] = watch("a");
  const [own, other] = [waiting(receiver), waiting(sender.subscribe())];
  receiver.close();
  receiver.close();
  assertEquals([own.wakes, other.wakes, sender.receiverCount], [1, 0, 1]);
  assertThrows(() => own.poll(), Closed, "the watch receiver");
  assertThrows(() => handPoll(receiver.waitFor(() => true)).poll(), Closed);
  assertThrows(() => receiver.clone(), Closed, "the watch receiver");
  assertEquals([receiver.isClosed, receiver.borrow()], [true, "a"]);
});

Deno.test("watch: closed() is ready when the last receiver is gone", () => {
  const [sender, receiver] = watch("a");
  const other = sender.subscribe();
  const closed = handPoll(sender.closed());
  closed.assertPending();
  receiver.close();
  assertFalse(closed.woken);
  other.close();
  assertEquals([closed.wakes, closed.kept], [1, 0]);
  closed.assertReady(undefined);
});

Deno.test("watch: closed() waits on when somebody subscribed before it was polled", () => {
  const [sender, receiver] = watch("a");
  const closed = handPoll(sender.closed());
  closed.assertPending();
  receiver.close();
  const later = sender.subscribe();
  closed.assertPending();
  later.close();
  closed.assertReady(undefined);
});

Deno.test("watch: waitFor looks at the latest value first", () => {
  const [sender, receiver] = watch(1);
  handPoll(receiver.waitFor((value) => value === 1)).assertReady(1);
  sender.send(2);
  handPoll(receiver.waitFor((value) => value === 2)).assertReady(2);
  assertFalse(receiver.hasChanged());
});

Deno.test("watch: waitFor waits for a value that is accepted", () => {
  const [sender, receiver] = watch(1);
  const wait = handPoll(receiver.waitFor((value) => value > 2));
  wait.assertPending();
  sender.send(2);
  wait.assertPending();
  sender.send(3);
  assert(wait.woken);
  wait.assertReady(3);
});

Deno.test("watch: waitFor ends with Closed when no accepted value can come", () => {
  const [sender, receiver] = watch(1);
  sender.send(2);
  sender.close();
  handPoll(receiver.waitFor((value) => value === 2)).assertReady(2);
  assertThrows(() => handPoll(receiver.waitFor((value) => value === 3)).poll(), Closed);
});

Deno.test("watch: a predicate that throws ends the wait", () => {
  const [sender, receiver] = watch(1);
  const wait = handPoll(receiver.waitFor((value) => {
    if (value === 2) throw new RangeError("own");
    return false;
  }));
  wait.assertPending();
  sender.send(2);
  assertThrows(() => wait.poll(), RangeError, "own");
  waiting(receiver);
});

Deno.test("watch: a change that a dropped wait was woken for is still unseen", () => {
  const [sender, receiver] = watch(1);
  const changed = waiting(receiver);
  sender.send(2);
  changed.drop();
  assertEquals([changed.kept, receiver.hasChanged()], [0, true]);
  handPoll(receiver.changed()).assertReady(undefined);
});

Deno.test("watch: a second wait on the same receiver gets Busy", () => {
  const [, receiver] = watch(1);
  waiting(receiver);
  assertThrows(() => handPoll(receiver.changed()).poll(), Busy, "changed()");
  assertThrows(() => handPoll(receiver.waitFor(() => true)).poll(), Busy, "waitFor()");
});

Deno.test("watch: undefined is a value like any other", () => {
  const [sender, receiver] = watch<number | undefined>(1);
  const wait = handPoll(receiver.waitFor((value) => value === undefined));
  wait.assertPending();
  sender.send(undefined);
  assertEquals(wait.poll() === Pending, false);
});

Deno.test("watch: leaving their scopes closes the ends", () => {
  const [sender, receiver] = watch(1);
  {
    using _receiver = receiver.clone();
    using _sender = sender;
  }
  assertEquals([sender.receiverCount, receiver.isClosed], [1, true]);
});

Deno.test("watch: a task that is slower than the sender sees the latest value", () => {
  using rt = new VirtualRuntime();
  const [sender, receiver] = watch(0);
  const seen: number[] = [];
  const task = rt.spawn(function* () {
    while (receiver.borrow() < 3) {
      yield* receiver.changed();
      seen.push(receiver.borrow());
    }
  });
  rt.settle();
  for (const value of [1, 2]) sender.send(value);
  rt.settle();
  sender.send(3);
  rt.settle();
  assertEquals([seen, task.isFinished()], [[2, 3], true]);
});
