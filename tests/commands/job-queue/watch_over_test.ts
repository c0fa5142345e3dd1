import { sleep } from "wakeful/runtime";
import { RuntimeFailure } from "../../../commands/cli/errors.ts";
import { JOB_QUEUE } from "../../../commands/job-queue/command.ts";
import { watchOver } from "../../../commands/job-queue/watch_over.ts";
import { parse } from "../../../commands/cli/parse.ts";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { FakeTerminal } from "../../support/fake_terminal.ts";
import { recordingLogger } from "../echo-server/served.ts";
import { withService } from "./service_rig.ts";

function optionsFrom(...argv: string[]) {
  const parsed = parse(JOB_QUEUE, ["serve", ...argv], () => undefined);
  assert("options" in parsed);
  return parsed.options;
}

Deno.test("watch over: a job that is dead is told of, and why", () => {
  const handlers = {
    fails: () => {
      throw new Error("no luck");
    },
  };
  return withService({ handlers }, function* (rig) {
    const { log, events } = recordingLogger();
    using _watching = watchOver(rig.service, optionsFrom(), { terminal: new FakeTerminal(), log });
    yield* sleep(1);
    const id = yield* rig.add("fails", {}, { maxRetries: 0 });
    yield* sleep(50);
    assertEquals(events.map(({ message }) => message), ["a job has failed for good"]);
    assertEquals(events[0].fields, { job: id, type: "fails", error: "no luck" });
  });
});

Deno.test("watch over: a dashboard without a terminal is refused before anything begins", () =>
  withService({}, function* (rig) {
    const around = { terminal: new FakeTerminal(), log: recordingLogger().log };
    assertThrows(
      () => watchOver(rig.service, optionsFrom("--dashboard"), around),
      RuntimeFailure,
      "a dashboard needs a terminal",
    );
    yield* sleep(1);
  }));
