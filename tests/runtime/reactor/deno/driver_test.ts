import { denoDriver, type IoError } from "wakeful/runtime";
import { assert, assertEquals, assertFalse, assertThrows } from "../../../support/assert.ts";
import { macrotask } from "../../../support/macrotask.ts";
import { ManualClock } from "../../../support/manual_clock.ts";

/** A driver and how often it has resumed. */
function parked(deadline = Infinity) {
  const driver = denoDriver();
  const count = { resumed: 0 };
  const { promise, resolve } = Promise.withResolvers<void>();
  const park = () =>
    driver.park(performance.now(), deadline, () => {
      count.resumed++;
      resolve();
    });
  park();
  return { driver, count, park, resumed: promise };
}

Deno.test("DenoDriver: unpark resumes once, on an empty stack, soon", async () => {
  const { driver, count } = parked();
  driver.unpark();
  driver.unpark();
  assertEquals(count.resumed, 0);
  await macrotask();
  assertEquals(count.resumed, 1);
  driver.close();
});

Deno.test("DenoDriver: an unpark between two rests is not remembered", async () => {
  const { driver, count, park } = parked();
  driver.unpark();
  await macrotask();
  driver.unpark();
  park();
  await macrotask();
  assertEquals(count.resumed, 1);
  driver.close();
});

Deno.test("DenoDriver: resumes at the deadline, not much before", async () => {
  const begin = performance.now();
  const { driver, resumed } = parked(begin + 5);
  await resumed;
  assert(performance.now() >= begin + 4);
  driver.close();
});

Deno.test("DenoDriver: an earlier deadline takes the place of a later one", async () => {
  const { driver, count, park } = parked(performance.now() + 60_000);
  driver.unpark();
  await macrotask();
  park();
  const { promise, resolve } = Promise.withResolvers<void>();
  driver.park(performance.now(), performance.now() + 1, resolve);
  await promise;
  assertEquals(count.resumed, 1);
  driver.close();
});

Deno.test("DenoDriver: a deadline beyond what the platform's timers take does not strike at once", async () => {
  const { driver, count } = parked(performance.now() + 2 ** 32);
  await macrotask();
  await macrotask();
  assertEquals(count.resumed, 0);
  driver.close();
});

Deno.test("DenoDriver: a deadline counts from the time that the loop's clock shows", async () => {
  const driver = denoDriver();
  const clock = new ManualClock(1e9);
  await new Promise<void>((resolve) => driver.park(clock.now(), clock.now() + 1, resolve));
  driver.close();
});

Deno.test("DenoDriver: yielding lets the platform do its work before it resumes", async () => {
  const driver = denoDriver();
  const seen: string[] = [];
  const turn = new Promise<void>((resolve) =>
    driver.yield(() => {
      seen.push("resumed");
      resolve();
    })
  );
  queueMicrotask(() => seen.push("microtask"));
  await turn;
  assertEquals(seen, ["microtask", "resumed"]);
  driver.close();
});

Deno.test("DenoDriver: closed it resumes no more, whatever was going on", async () => {
  const { driver, count, park } = parked(performance.now() + 1);
  driver.unpark();
  driver.close();
  driver.unpark();
  park();
  driver.yield(() => count.resumed++);
  await macrotask();
  await macrotask();
  assertEquals(count.resumed, 0);
});

Deno.test("DenoDriver: removes a socket's file, not another's, and a missing one is well", () => {
  const dir = Deno.makeTempDirSync();
  const driver = denoDriver();
  const [path, other] = [`${dir}/socket`, `${dir}/text`];
  Deno.listen({ transport: "unix", path }).close();
  Deno.writeTextFileSync(other, "precious");
  driver.removeSocketFile(path);
  driver.removeSocketFile(path);
  assertFalse([...Deno.readDirSync(dir)].some(({ name }) => name === "socket"));
  const error = assertThrows(() => driver.removeSocketFile(other)) as IoError;
  assertEquals([error.kind, Deno.readTextFileSync(other)], ["address-in-use", "precious"]);
  Deno.removeSync(dir, { recursive: true });
});
