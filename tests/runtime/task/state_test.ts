import { Duty, TaskState } from "../../../runtime/task/state.ts";
import { assert, assertEquals, assertFalse } from "../../support/assert.ts";

/** Steps that bring a new state to where a table row begins. */
const REACH = {
  new: () => new TaskState(),
  scheduled: () => after((state) => state.wake()),
  running: () => after((state) => (state.wake(), state.beginTurn())),
  "woken while running": () => after((state) => (state.wake(), state.beginTurn(), state.wake())),
  idle: () => after((state) => (state.wake(), state.beginTurn(), state.endTurn())),
  "cancelled while running": () =>
    after((state) => (state.wake(), state.beginTurn(), state.cancel())),
  "cancelled while idle": () => after((state) => state.cancel()),
  "unwinding and polled": () =>
    after((state) => (state.cancel(), state.unwind(), state.wake(), state.beginTurn())),
  "unwinding and woken while polled": () =>
    after((
      state,
    ) => (state.cancel(), state.unwind(), state.wake(), state.beginTurn(), state.wake())),
  completed: () => after((state) => (state.wake(), state.beginTurn(), state.complete())),
  "joined before": () => after((state) => (state.join(), state.wake(), state.beginTurn())),
};

function after(steps: (state: TaskState) => unknown): TaskState {
  const state = new TaskState();
  steps(state);
  return state;
}

type Transition = "wake" | "beginTurn" | "endTurn" | "cancel" | "complete" | "join";

const TABLE: [keyof typeof REACH, Transition, keyof typeof Duty][] = [
  ["new", "wake", "Schedule"],
  ["scheduled", "wake", "Nothing"],
  ["running", "wake", "Nothing"],
  ["woken while running", "wake", "Nothing"],
  ["idle", "wake", "Schedule"],
  ["completed", "wake", "Nothing"],
  ["scheduled", "beginTurn", "Poll"],
  ["completed", "beginTurn", "Nothing"],
  ["running", "endTurn", "Nothing"],
  ["woken while running", "endTurn", "Schedule"],
  ["cancelled while running", "endTurn", "Cancel"],
  ["unwinding and polled", "endTurn", "Nothing"],
  ["unwinding and woken while polled", "endTurn", "Schedule"],
  ["unwinding and polled", "cancel", "Nothing"],
  ["new", "cancel", "Cancel"],
  ["scheduled", "cancel", "Cancel"],
  ["idle", "cancel", "Cancel"],
  ["running", "cancel", "Nothing"],
  ["cancelled while running", "cancel", "Nothing"],
  ["cancelled while idle", "cancel", "Nothing"],
  ["completed", "cancel", "Nothing"],
  ["running", "complete", "Nothing"],
  ["joined before", "complete", "Deliver"],
  ["running", "join", "Nothing"],
  ["completed", "join", "Deliver"],
];

for (const [from, transition, duty] of TABLE) {
  Deno.test(`TaskState: ${from}, ${transition} → ${duty}`, () => {
    assertEquals(REACH[from]()[transition](), Duty[duty]);
  });
}

Deno.test("TaskState: in the run queue exactly while scheduled and not running", () => {
  assertFalse(REACH.new().scheduled);
  assert(REACH.scheduled().scheduled);
  assertFalse(REACH.running().scheduled);
  assertFalse(REACH["woken while running"]().scheduled);
  const back = REACH["woken while running"]();
  back.endTurn();
  assert(back.scheduled);
});

Deno.test("TaskState: completing clears what the queue and the poll had set", () => {
  const state = REACH["woken while running"]();
  state.complete();
  const { scheduled, running, cancelled, completed } = state;
  assertEquals({ scheduled, running, cancelled, completed }, {
    scheduled: false,
    running: false,
    cancelled: false,
    completed: true,
  });
});

Deno.test("TaskState: a detach takes the join back, so that completing delivers to nobody", () => {
  const state = REACH["joined before"]();
  assert(state.joined);
  state.detach();
  assertFalse(state.joined);
  assertEquals(state.complete(), Duty.Nothing);
});

Deno.test("TaskState: a cancelled task stays cancelled through its end", () => {
  const state = REACH["cancelled while running"]();
  assert(state.cancelled && state.running);
  state.complete();
  assert(state.cancelled && !state.running);
});
