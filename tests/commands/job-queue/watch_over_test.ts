import { sleep, ThreadDied } from "wakeful/runtime";
import { RuntimeFailure } from "../../../commands/cli/errors.ts";
import { watchOver } from "../../../commands/job-queue/watch_over.ts";
import { assertEquals, assertThrows } from "../../support/assert.ts";
import { FakeTerminal } from "../../support/fake_terminal.ts";
import { recordingLogger } from "../echo-server/served.ts";
import { optionsOf } from "./options.ts";
import { withService } from "./service_rig.ts";

Deno.test("watch over: a job that is dead is told of, and why", () => {
  const handlers = {
    fails: () => {
      throw new Error("no luck");
    },
  };
  return withService({ handlers }, function* (rig) {
    const { log, events } = recordingLogger();
    using _watching = watchOver(rig.service, optionsOf("serve"), {
      terminal: new FakeTerminal(),
      log,
    });
    yield* sleep(1);
    const id = yield* rig.add("fails", {}, { maxRetries: 0 });
    yield* sleep(50);
    assertEquals(events.map(({ message }) => message), ["a job has failed for good"]);
    assertEquals(events[0].fields, { job: id, type: "fails", error: "no luck" });
  });
});

Deno.test("watch over: a worker's crash is told with its error, its restart without one", () => {
  const handlers = {
    crash: () => {
      throw new ThreadDied("thread 1", "out of memory");
    },
  };
  return withService({ handlers, options: { workers: 1 } }, function* (rig) {
    const { log, events } = recordingLogger();
    const around = { terminal: new FakeTerminal(), log };
    using _watching = watchOver(rig.service, optionsOf("serve"), around);
    yield* sleep(1);
    yield* rig.add("crash");
    yield* sleep(50);
    assertEquals(events.map(({ message, fields }) => [message, fields]), [
      ["WorkerCrashed", {
        worker: "worker 1",
        error: "The task was lost: thread 1 ended out of memory",
      }],
      ["WorkerRestarted", { worker: "worker 1" }],
    ]);
  });
});

Deno.test("watch over: a dashboard without a terminal is refused before anything begins", () =>
  withService({}, function* (rig) {
    const around = { terminal: new FakeTerminal(), log: recordingLogger().log };
    assertThrows(
      () => watchOver(rig.service, optionsOf("serve", "--dashboard"), around),
      RuntimeFailure,
      "a dashboard needs a terminal",
    );
    yield* sleep(1);
  }));
