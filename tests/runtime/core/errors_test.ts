import * as errors from "../../../runtime/core/errors.ts";
import { assert, assertEquals, assertInstanceOf, assertMatch } from "../../support/assert.ts";

/** Each class once: the error, its code, and what its message must help with. */
const EXAMPLES: [errors.WakefulError, string, RegExp][] = [
  [new errors.PolledAfterReady("sleep()"), "MISUSE", /sleep\(\).*make a new one/],
  [new errors.PolledReentrantly("a coroutine"), "MISUSE", /a coroutine.*return Pending instead/],
  [new errors.YieldedInCleanup(), "MISUSE", /a finally block must finish at once/],
  [new errors.YieldedValue(Promise.resolve()), "MISUSE", /a promise .*fromPromise\(promise\)/],
  [new errors.YieldedValue(3), "MISUSE", /wait for 3 .*write yield\*/],
  [new errors.OutsideRuntime(), "MISUSE", /blockOn\(\)/],
  [new errors.BlockedInsideTask("blockOn()"), "MISUSE", /blockOn\(\).*use yield\* instead/],
  [new errors.MissingDriver("time"), "MISUSE", /\.enableTime\(\)/],
  [new errors.MissingDriver("io"), "MISUSE", /\.enableIo\(\)/],
  [new errors.NoDescriptors(), "MISUSE", /use epollDriver\(\) on both/],
  [
    new errors.InvalidVariable("TIDE", "hi\nlow", "high or low"),
    "INVALID_VARIABLE",
    /^TIDE="hi\\nlow": expected high or low$/,
  ],
  [new errors.Cancelled("shutting down"), "CANCELLED", /shutting down/],
  [new errors.TimedOut(250), "TIMED_OUT", /250 ms/],
  [new errors.Closed("the semaphore"), "CLOSED", /the semaphore is closed/],
  [new errors.SendFailed("the channel", 1), "CLOSED", /the channel is closed/],
  [new errors.Full("the channel", 1), "FULL", /the channel: it is full; wait/],
  [new errors.Lagged(3), "LAGGED", /missed 3 values/],
  [new errors.Busy("a read"), "BUSY", /a read.*only one can/],
  [new errors.UnexpectedEof(10, 4), "UNEXPECTED_EOF", /4 of 10 bytes/],
  [new errors.TooLong("a line", 80), "TOO_LONG", /a line.*longer than 80 bytes; skip it/],
  [new errors.InvalidText("a line"), "INVALID_TEXT", /a line as text.*not valid UTF-8/],
  [new errors.IoError("connection-reset", "read: reset"), "IO", /read: reset/],
];

for (const [error, code, message] of EXAMPLES) {
  Deno.test(`${error.name}: has the code ${code} and says what to do: ${message.source}`, () => {
    assertInstanceOf(error, errors.WakefulError);
    assertEquals(error.code, code);
    assertMatch(error.message, message);
    assert(error.stack?.startsWith(error.name), "the stack begins with the class's own name");
  });
}

Deno.test("errors: carry their data", () => {
  assertEquals(new errors.Cancelled("why").reason, "why");
  const limit = {};
  const timedOut = new errors.TimedOut(7, "news", limit);
  assertEquals([timedOut.milliseconds, timedOut.what], [7, "news"]);
  assert(timedOut.by === limit);
  assertEquals(new errors.MissingDriver("io").part, "io");
  assertEquals(new errors.SendFailed("the channel", 1).value, 1);
  assertEquals(new errors.Full("the channel", 2).value, 2);
  assertEquals(new errors.Lagged(3).missed, 3);
  const { wanted, got } = new errors.UnexpectedEof(10, 4);
  assertEquals([wanted, got], [10, 4]);
  assertEquals(new errors.TooLong("a line", 80).limit, 80);
  const cause = new Error("os error 104");
  assertEquals(new errors.IoError("other", "read", { cause }).cause, cause);
  assertEquals(new errors.IoError("other", "read").kind, "other");
});
