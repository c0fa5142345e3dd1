import { Random } from "wakeful/runtime";
import { Kernel, type KernelWatch } from "../../../../runtime/reactor/sim/kernel.ts";
import { assert, assertEquals, assertGreater, assertLess } from "../../../support/assert.ts";
import { Recorder } from "../../../support/recorder.ts";

const DEAF: KernelWatch = { onIdle() {}, onCircles() {}, onLate() {} };

/** Lets `kernel` go on until nothing is left to happen. */
function idle(kernel: Kernel): Promise<void> {
  return new Promise((resolve) => kernel.watch({ ...DEAF, onIdle: resolve }));
}

Deno.test("Kernel: events happen by time, and at one time in the order of asking", async () => {
  const [kernel, log] = [new Kernel(new Random(1)), new Recorder()];
  for (const [time, name] of [[5, "c"], [1, "a"], [5, "d"], [2, "b"]] as const) {
    kernel.at(time, () => log.note(`${name}${kernel.now}`));
  }
  kernel.after(7, () => kernel.at(3, () => log.note(`late${kernel.now}`)));
  await idle(kernel);
  assertEquals(log.line, "a1 b2 c5 d5 late7");
});

Deno.test("Kernel: an event that was called off does not happen, and hurries no other", async () => {
  const [kernel, log] = [new Kernel(new Random(1)), new Recorder()];
  kernel.at(0, () => log.note("called off")).run = undefined;
  kernel.at(100, () => log.note("event"));
  let turns = 3;
  const host = {
    resume() {
      assertLess(kernel.now, 1, "time stands while somebody has something to do");
      if (--turns > 0) kernel.wake(host);
      else log.note("host");
    },
  };
  kernel.wake(host);
  await idle(kernel);
  assertEquals(log.line, "host event");
});

Deno.test("Kernel: whoever can go on does so before time jumps, in an order from the seed", async () => {
  const orders = await Promise.all([1, 1, 2, 3].map(async (seed) => {
    const [kernel, log] = [new Kernel(new Random(seed)), new Recorder()];
    for (const name of "abcdefgh") kernel.wake({ resume: () => log.note(name) });
    kernel.at(1, () => log.note("|"));
    await idle(kernel);
    assertEquals([kernel.turns, log.seen.at(-1)], [8, "|"]);
    return log.line;
  }));
  assertEquals(orders[0], orders[1]);
  assertEquals(new Set(orders).size, 3);
});

Deno.test("Kernel: a host that looks again and again sees time pass", async () => {
  const kernel = new Kernel(new Random(1));
  let fired = false;
  kernel.at(1, () => void (fired = true));
  const host = { resume: () => fired || kernel.wake(host) };
  kernel.wake(host);
  await idle(kernel);
  assertGreater(kernel.turns, 500);
});

Deno.test("Kernel: promises that are settled get their turn between two moments", async () => {
  const [kernel, log] = [new Kernel(new Random(1)), new Recorder()];
  kernel.at(1, () => void Promise.resolve().then(() => log.note(`then${kernel.now}`)));
  kernel.at(2, () => log.note("next"));
  await idle(kernel);
  assertEquals(log.line, "then1 next");
});

Deno.test("Kernel: what a promise begins late still happens before it is idle", async () => {
  const [kernel, log] = [new Kernel(new Random(1)), new Recorder()];
  kernel.at(1, async () => {
    await new Promise((resolve) => setTimeout(resolve, 0));
    kernel.after(1, () => log.note("after all"));
  });
  while (log.seen.length === 0) await idle(kernel);
  assertEquals(log.line, "after all");
});

Deno.test("Kernel: hosts that keep each other busy go in circles", async () => {
  const kernel = new Kernel(new Random(1));
  const host = { resume: () => kernel.wake(host) };
  kernel.wake(host);
  await new Promise<void>((resolve) =>
    kernel.watch({
      ...DEAF,
      onCircles() {
        kernel.stop();
        resolve();
      },
    })
  );
  assertEquals(kernel.turns, 100_000);
});

/** The time at which `kernel` tells that its limit has passed. */
function lateAt(kernel: Kernel, limit: number): Promise<number> {
  return new Promise((resolve) =>
    kernel.watch({
      ...DEAF,
      onLate() {
        kernel.stop();
        resolve(kernel.now);
      },
    }, limit)
  );
}

Deno.test("Kernel: nothing happens beyond the limit", async () => {
  const [kernel, log] = [new Kernel(new Random(1)), new Recorder()];
  kernel.at(10, () => log.note("in time"));
  kernel.at(11, () => log.note("too late"));
  assertEquals(await lateAt(kernel, 10), 10);
  assertEquals(log.line, "in time");
});

Deno.test("Kernel: turns count towards the limit", async () => {
  const kernel = new Kernel(new Random(1));
  const host = { resume: () => kernel.wake(host) };
  kernel.wake(host);
  const at = await lateAt(kernel, 10);
  assert(at > 10 && at < 10.01);
});

Deno.test("Kernel: after stop nothing happens, not even what is due", async () => {
  const [kernel, log] = [new Kernel(new Random(1)), new Recorder()];
  kernel.at(1, () => {
    kernel.stop();
    kernel.wake({ resume: () => log.note("turn") });
  });
  kernel.at(1, () => log.note("due at once"));
  kernel.wake({ resume: () => log.note("before") });
  await new Promise((resolve) => setTimeout(resolve, 1));
  kernel.after(0, () => log.note("after"));
  await new Promise((resolve) => setTimeout(resolve, 1));
  assertEquals(log.line, "before");
});

Deno.test("Kernel: a turn that stops it is the last, whatever is due", async () => {
  const [kernel, log] = [new Kernel(new Random(1)), new Recorder()];
  kernel.at(0, () => kernel.at(0, () => log.note("due")));
  const host = {
    resume() {
      kernel.at(0, () => log.note("due as well"));
      kernel.stop();
    },
  };
  kernel.wake(host);
  kernel.wake(host);
  await new Promise((resolve) => setTimeout(resolve, 1));
  assertEquals([log.line, kernel.turns], ["", 1]);
});
