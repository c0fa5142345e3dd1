import { acceptLoop } from "../../../commands/cli/accept_loop.ts";
import { type Co, IoError, sleep } from "wakeful/runtime";
import { assertEquals } from "../../support/assert.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";
import { recordingLogger } from "../echo-server/served.ts";

/** A loop over accepts that end as told, a millisecond each; after the last one nothing comes. */
function looping(ends: (Error | undefined)[]) {
  const time = new VirtualRuntime();
  const { log, events } = recordingLogger();
  function* admit(): Co<void> {
    yield* sleep(ends.length === 0 ? 1_000_000 : 1);
    const end = ends.shift();
    if (end !== undefined) throw end;
  }
  const task = time.spawn(() => acceptLoop(admit, log));
  const said = () => events.map(({ message }) => message);
  return { time, task, said };
}

const FAILED = new IoError("too-many-open-files", "accept: too many open files");

Deno.test("acceptLoop: an accept that succeeds makes the next pause short again", () => {
  const { time, said } = looping([FAILED, FAILED, undefined, FAILED]);
  time.advance(100);
  const pauses = ["10ms", "20ms", "10ms"];
  assertEquals(said(), pauses.map((pause) => `${FAILED.message}; trying again in ${pause}`));
});

Deno.test("acceptLoop: an error that is not the network's ends it", () => {
  const mistake = new TypeError("a mistake");
  const { time, task, said } = looping([mistake]);
  const ended = time.spawn(function* () {
    try {
      return yield* task;
    } catch (error) {
      return error;
    }
  });
  time.advance(1);
  assertEquals([time.outcome(ended), said()], [mistake, []]);
});
