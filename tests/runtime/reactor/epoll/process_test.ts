/** What can be seen of the epoll driver only from outside, or only in a process of its own. */

import { assert, assertEquals, assertLess, assertMatch } from "../../../support/assert.ts";
import { ChildProcess, runDeno } from "../../../support/child_process.ts";
import type { DescriptorReport } from "../../../support/epoll_descriptors.ts";
import type { PromptReport } from "../../../support/epoll_prompt.ts";
import { ROOT } from "../../../support/source_files.ts";

/** So long an idle server is looked at, once it has settled for so long. */
const IDLE_MS = 1000;
const SETTLE_MS = 500;
/** The engine tidies up some time after the start: one second without a wake-up has to be found. */
const LOOKS = 5;
const FEW_DESCRIPTORS = 40;

const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

async function reportOf<R>(program: string, ...args: string[]): Promise<R> {
  const { code, stdout, stderr } = await runDeno(["-A"], `tests/support/${program}`, { args });
  assertEquals([code, stderr], [0, ""]);
  return JSON.parse(stdout);
}

const descriptors = () => reportOf<DescriptorReport>("epoll_descriptors.ts");

Deno.test("EpollDriver: loses no descriptor, however a connection, a bind or a reactor ends", async () => {
  const { lost } = await descriptors();
  assert(Object.keys(lost).length > 0);
  assertEquals(Object.entries(lost).filter(([, count]) => count !== 0), []);
});

Deno.test("Poller: a late event for a closed descriptor does not reach the next with its number", async () => {
  const { reuse } = await descriptors();
  assertEquals(reuse, { sameNumber: true, lateEvents: 0, ownEvents: 1 });
});

Deno.test("EpollListener: without a descriptor left it says so each time, and goes on with the next", async () => {
  const command = `ulimit -n ${FEW_DESCRIPTORS} && exec "$0" run -q -A "$1"`;
  const { code, stdout } = await new Deno.Command("sh", {
    args: ["-c", command, Deno.execPath(), "tests/support/epoll_few_descriptors.ts"],
    cwd: ROOT,
  }).output();
  const met = JSON.parse(new TextDecoder().decode(stdout));
  const full = "too-many-open-files";
  assertEquals([code, met], [0, [full, full, full, true]]);
});

for (const [load, limit] of [["idle", 500], ["busy", 500]] as const) {
  Deno.test(`EpollDriver: ${load}, it lets signals, timers, promises and bytes wait under ${limit} ms`, async () => {
    const report = await reportOf<PromptReport>("epoll_prompt.ts", load);
    for (const [what, late] of Object.entries(report)) assertLess(late, limit, what);
  });
}

/** Voluntary context switches of all threads of a process. */
async function switches(pid: number): Promise<number> {
  const args = ["-c", `cat /proc/${pid}/task/*/status`];
  const { stdout } = await new Deno.Command("sh", { args }).output();
  const counts = new TextDecoder().decode(stdout).matchAll(/^voluntary_ctxt_switches:\s+(\d+)/mg);
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

for (const driver of ["epoll", "deno"]) {
  Deno.test(`${driver} driver: a listener without clients wakes nobody for a second`, async () => {
    await using child = new ChildProcess(["-A"], "tests/support/idle_listener.ts", {
      args: [driver],
    });
    await child.line(/listening/);
    await pause(SETTLE_MS);
    const counts: number[] = [];
    while (counts.length < LOOKS && counts.at(-1) !== 0) {
      const before = await switches(child.pid);
      await pause(IDLE_MS);
      counts.push(await switches(child.pid) - before);
    }
    assertEquals(counts.at(-1), 0, `${counts}`);
  });
}

const ECHO = ["echo-server", "--port", "0"];
const BY_VARIABLE = { WAKEFUL_ECHO_SERVER_DRIVER: "epoll" };

for (
  const [how, args, env] of [
    ["as a flag", [...ECHO, "--driver", "epoll"], {}],
    ["as a variable", ECHO, BY_VARIABLE],
  ] as const
) {
  Deno.test(`EpollDriver: asked for ${how} without --allow-ffi: one line, exit 1`, async () => {
    const permissions = ["--allow-net", "--allow-env=WAKEFUL_*"];
    const { code, stdout, stderr } = await runDeno(permissions, "main.ts", { args, env });
    assertEquals([code, stdout], [1, ""]);
    assertMatch(stderr, /^wakeful echo-server: Cannot use the epoll driver: .*--allow-ffi.*\n$/);
  });
}

Deno.test("EpollDriver: on another platform it says so, with or without the permission", async () => {
  const { code, stdout } = await runDeno([], "tests/support/epoll_elsewhere.ts");
  assertEquals(code, 0);
  assertMatch(
    stdout,
    /^Cannot use the epoll driver: it needs Linux .*, and this is plan9 on pdp11; /,
  );
});
