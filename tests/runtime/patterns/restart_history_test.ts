import { type Crash, type Ended, RestartLimit } from "wakeful/runtime";
import { RestartHistory } from "../../../runtime/patterns/restart_history.ts";
import { assertEquals, assertThrows } from "../../support/assert.ts";

function crash(at: number, ended: Ended<unknown> = { how: "value", value: 1 }): Crash {
  return { child: "db", at, ended };
}

/** Which of the crashes at these moments are followed by a restart. */
function admitted(history: RestartHistory, moments: number[]): boolean[] {
  return moments.map((at) => history.admit(crash(at)));
}

Deno.test("RestartHistory: as many restarts as are allowed, and not one more", () => {
  assertEquals(admitted(new RestartHistory(2, 100), [1, 2, 3]), [true, true, false]);
  assertEquals(admitted(new RestartHistory(0, 100), [1]), [false]);
});

Deno.test("RestartHistory: what is as old as the time no longer counts", () => {
  assertEquals(admitted(new RestartHistory(1, 100), [0, 100, 199]), [true, true, false]);
  assertEquals(admitted(new RestartHistory(1, 100), [0, 99]), [true, false]);
});

Deno.test("RestartHistory: keeps the recent ones only, oldest first", () => {
  const history = new RestartHistory(5, 100);
  admitted(history, [0, 50, 120]);
  assertEquals(history.recent.map(({ at }) => at), [50, 120]);
});

Deno.test("RestartHistory: bad numbers are refused", () => {
  for (const max of [-1, 0.5, NaN]) {
    assertThrows(() => new RestartHistory(max, 1), RangeError, "restarts from 0 up");
  }
  for (const within of [0, -1, NaN]) {
    assertThrows(() => new RestartHistory(1, within), RangeError, "above 0 ms");
  }
});

Deno.test("RestartLimit: names the child, and has the last error as its cause", () => {
  const error = new RangeError("boom");
  const limit = new RestartLimit([crash(1), crash(2, { how: "error", error })], 100);
  assertEquals(limit.message, 'Gave up on "db": ended 2 times within 100 ms; the last error: boom');
  assertEquals([limit.code, limit.name, limit.cause], ["RESTART_LIMIT", "RestartLimit", error]);
});

Deno.test("RestartLimit: names all that ended, each once", () => {
  const crashes = ["b", "a", "b"].map((child) => ({ ...crash(1), child }));
  const { message } = new RestartLimit(crashes, 100);
  assertEquals(message, 'Gave up on "a", "b": ended 3 times within 100 ms');
});
