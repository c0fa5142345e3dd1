import {
  type BroadcastReceiver,
  Closed,
  Coroutine,
  End,
  EventBus,
  follow,
  Lagged,
  sleep,
} from "wakeful/runtime";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { failing } from "../../support/bodies.ts";
import { Gate } from "../../support/gate.ts";
import { type HandPoll, handPoll } from "../../support/hand_poll.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

interface Topics {
  word: string;
  number: number;
}

function follower(
  events: BroadcastReceiver<string>,
  onEvent: (event: string, seen: string[]) => Gate | void = () => {},
): { seen: string[]; loop: HandPoll<void> } {
  const seen: string[] = [];
  const body = follow(events, {
    onEvent(event) {
      seen.push(event);
      return onEvent(event, seen);
    },
    onLag: (missed) => void seen.push(`missed ${missed}`),
  });
  return { seen, loop: handPoll(new Coroutine(body)) };
}

Deno.test("EventBus: an event goes to every subscriber of its topic, and to no other", () => {
  const bus = new EventBus<Topics>();
  const [one, two, other] = [
    bus.subscribe("word"),
    bus.subscribe("word"),
    bus.subscribe("number"),
  ];
  assertEquals(bus.publish("word", "a"), 2);
  for (const receiver of [one, two]) handPoll(receiver.recv()).assertReady("a");
  handPoll(other.recv()).assertPending();
});

Deno.test("EventBus: topics and their events are typed", () => {
  const bus = new EventBus<Topics>();
  const words: BroadcastReceiver<string> = bus.subscribe("word");
  // @ts-expect-error: a word is no number
  bus.publish("number", "a");
  // @ts-expect-error: there is no such topic
  bus.publish("colour", "red");
  assertEquals(words.length, 0);
});

Deno.test("EventBus: a subscriber sees what is published from then on", () => {
  const bus = new EventBus<Topics>();
  assertEquals(bus.publish("word", "before"), 0);
  const words = bus.subscribe("word");
  bus.publish("word", "after");
  handPoll(words.recv()).assertReady("after");
});

Deno.test("EventBus: a slow subscriber loses the oldest and is told how many; others lose none", () => {
  const bus = new EventBus<Topics>({ capacity: 2 });
  const [slow, quick] = [bus.subscribe("word"), bus.subscribe("word")];
  for (const word of ["a", "b", "c", "d", "e"]) {
    bus.publish("word", word);
    handPoll(quick.recv()).assertReady(word);
  }
  const lagged = assertThrows(() => handPoll(slow.recv()).poll(), Lagged);
  assertEquals(lagged.missed, 3);
  for (const word of ["d", "e"]) handPoll(slow.recv()).assertReady(word);
});

Deno.test("EventBus: closing a subscription ends it, and only it", () => {
  const bus = new EventBus<Topics>();
  const other = bus.subscribe("word");
  {
    using _words = bus.subscribe("word");
    assertEquals(bus.subscribers("word"), 2);
  }
  assertEquals(bus.subscribers("word"), 1);
  assertEquals(bus.publish("word", "a"), 1);
  handPoll(other.recv()).assertReady("a");
});

Deno.test("EventBus: a topic whose subscribers have gone can be subscribed to again", () => {
  const bus = new EventBus<Topics>();
  bus.subscribe("word").close();
  assertEquals(bus.publish("word", "a"), 0);
  const words = bus.subscribe("word");
  assertEquals(bus.publish("word", "b"), 1);
  handPoll(words.recv()).assertReady("b");
});

Deno.test("EventBus: after its close the subscribers see the rest, and the end", () => {
  const bus = new EventBus<Topics>();
  const words = bus.subscribe("word");
  bus.publish("word", "last");
  bus.close();
  bus.close();
  handPoll(words.recv()).assertReady("last");
  handPoll(words.recv()).assertReady(End);
  assert(bus.isClosed);
  assertThrows(() => bus.publish("word", "a"), Closed, "the event bus");
  assertThrows(() => bus.subscribe("word"), Closed, "the event bus");
});

Deno.test("EventBus: its close wakes those who wait", () => {
  const bus = new EventBus<Topics>();
  const waits = handPoll(bus.subscribe("word").recv());
  waits.assertPending();
  bus[Symbol.dispose]();
  assert(waits.woken);
  waits.assertReady(End);
});

Deno.test("EventBus: a bad capacity is refused at once", () => {
  assertThrows(() => new EventBus({ capacity: 0 }), RangeError, "as capacity, got 0");
});

Deno.test("follow: hands over every event and every gap, until the bus is closed", () => {
  const bus = new EventBus<Topics>({ capacity: 2 });
  const { seen, loop } = follower(bus.subscribe("word"));
  for (const word of ["a", "b", "c"]) bus.publish("word", word);
  loop.assertPending();
  assertEquals(seen, ["missed 1", "b", "c"]);
  bus.publish("word", "d");
  bus.close();
  loop.assertReady(undefined);
  assertEquals(seen, ["missed 1", "b", "c", "d"]);
});

Deno.test("follow: ends when its subscription is closed", () => {
  const events = new EventBus<Topics>().subscribe("word");
  const { loop } = follower(events);
  loop.assertPending();
  events.close();
  loop.assertReady(undefined);
});

Deno.test("follow: one event at a time; what comes meanwhile may be lost, but not in silence", () => {
  const bus = new EventBus<Topics>({ capacity: 1 });
  const gate = new Gate();
  const { seen, loop } = follower(bus.subscribe("word"), (word) => word === "a" ? gate : undefined);
  bus.publish("word", "a");
  loop.assertPending();
  for (const word of ["b", "c", "d"]) bus.publish("word", word);
  gate.open();
  loop.assertPending();
  assertEquals(seen, ["a", "missed 2", "d"]);
});

Deno.test("follow: an error of the follower is thrown, a Lagged of its own, too", () => {
  for (const error of [new RangeError("own"), new Lagged(1)]) {
    using virtual = new VirtualRuntime();
    const run = function* () {
      const bus = new EventBus<Topics>();
      using words = bus.subscribe("word");
      bus.publish("word", "a");
      yield* follow(words, { onEvent: () => failing(error), onLag: () => sleep(1) });
    };
    assertThrows(() => virtual.run(run), error.constructor as typeof RangeError);
  }
});
