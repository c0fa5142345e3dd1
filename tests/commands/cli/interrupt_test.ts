import { interrupted } from "../../../commands/cli/interrupt.ts";
import { assertEquals } from "../../support/assert.ts";
import { FakeTerminal } from "../../support/fake_terminal.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

/** A task that waits for an interrupt, with both signals in the test's hands. */
function waiting() {
  const time = new VirtualRuntime();
  const terminal = new FakeTerminal();
  const task = time.spawn(() => interrupted(terminal));
  time.settle();
  const [sigint, sigterm] = time.driver.sources;
  const happen = (source: typeof sigint) => {
    source.happen();
    time.settle();
  };
  const closed = () => [sigint.closed, sigterm.closed];
  return { time, terminal, task, sigint, sigterm, happen, closed };
}

Deno.test("interrupted: listens for both signals and says which one came", () => {
  for (const which of ["SIGINT", "SIGTERM"] as const) {
    const { time, task, sigint, sigterm, happen } = waiting();
    assertEquals(time.driver.asked, ["signal SIGINT", "signal SIGTERM"]);
    happen(which === "SIGINT" ? sigint : sigterm);
    assertEquals(time.outcome(task), which);
  }
});

Deno.test("interrupted: a second signal of either kind ends the process with 130", () => {
  for (const second of ["sigint", "sigterm"] as const) {
    const parts = waiting();
    parts.happen(parts.sigint);
    assertEquals(parts.terminal.exits, []);
    parts.happen(parts[second]);
    assertEquals(parts.terminal.exits, [130]);
  }
});

Deno.test("interrupted: two signals at once end the process as well", () => {
  const { time, terminal, sigint, sigterm } = waiting();
  sigint.happen();
  sigterm.happen();
  time.settle();
  assertEquals(terminal.exits, [130]);
});

Deno.test("interrupted: at a terminal, one that a parent passes on at once is no second one", () => {
  const { time, terminal, sigint, happen } = waiting();
  terminal.interactive = true;
  sigint.happen();
  sigint.happen();
  time.settle();
  time.advance(50);
  happen(sigint);
  time.advance(1_000);
  assertEquals(terminal.exits, []);
  happen(sigint);
  assertEquals(terminal.exits, [130]);
});

Deno.test("interrupted: dropped before a signal, it listens no more", () => {
  const { task, closed } = waiting();
  task.abort();
  assertEquals(closed(), [true, true]);
});

Deno.test("interrupted: after the first signal it listens until the runtime ends", () => {
  const { time, sigterm, happen, closed } = waiting();
  happen(sigterm);
  assertEquals(closed(), [false, false]);
  time.runtime.shutdown();
  assertEquals(closed(), [true, true]);
});

Deno.test("interrupted: listens no more even when the runtime ends before the next turn", () => {
  const { time, task, sigterm, closed } = waiting();
  time.spawn(function* () {
    yield* task;
    time.runtime.shutdown();
  });
  sigterm.happen();
  time.settle();
  assertEquals(closed(), [true, true]);
});
