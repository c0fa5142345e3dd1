import { sleep, spawn } from "wakeful/runtime";
import { assertEquals } from "../../../support/assert.ts";
import { FakeTerminal } from "../../../support/fake_terminal.ts";
import { logEvents } from "../../../../commands/job-queue/engine/event_log.ts";
import { withService } from "../service_rig.ts";

Deno.test("event log: everything that happens, a line each", () =>
  withService({}, function* (rig) {
    const terminal = new FakeTerminal();
    const logging = spawn(() => logEvents(rig.service.bus, terminal.append("log"), () => {}));
    yield* sleep(1);
    yield* rig.add("delay", { ms: 5 });
    yield* sleep(10);
    const lines = terminal.files.get("log")!.trimEnd().split("\n").map((line) => JSON.parse(line));
    const events = lines.map(({ event, id }) => `${event} ${id}`);
    assertEquals(events, ["JobEnqueued 1", "JobStarted 1", "JobCompleted 1"]);
    logging.abort();
  }));

Deno.test("event log: a log that cannot be written is told, and holds up nobody", () =>
  withService({}, function* (rig) {
    const told: unknown[] = [];
    const file = {
      write: () => {
        throw new Error("the disk is full");
      },
      close: () => {},
    };
    const logging = spawn(() => logEvents(rig.service.bus, file, (error) => void told.push(error)));
    yield* sleep(1);
    const id = yield* rig.add("noop");
    yield* sleep(10);
    assertEquals((yield* rig.job(id)).state, "completed");
    assertEquals(String(told[0]), "Error: the disk is full");
    logging.abort();
  }));
