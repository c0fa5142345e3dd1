import { type Co, sleep } from "wakeful/runtime";
import { crawl, type Page, table } from "../../examples/crawler.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { Gate } from "../support/gate.ts";
import { VirtualRuntime } from "../support/virtual_runtime.ts";

const NOTHING = { tasks: 0, timers: 0, registrations: 0 };

function* page(milliseconds: number, bytes: number): Co<Page> {
  yield* sleep(milliseconds);
  return { status: 200, bytes };
}

Deno.test("crawler: a row for each URL, in their order, whichever is first", () => {
  using virtual = new VirtualRuntime();
  const rows = virtual.run(() =>
    crawl(["http://slow/", "http://quick/"], (url) => page(url === "http://slow/" ? 30 : 5, 100))
  );
  assertEquals(rows, [
    { url: "http://slow/", milliseconds: 30, result: { status: 200, bytes: 100 } },
    { url: "http://quick/", milliseconds: 5, result: { status: 200, bytes: 100 } },
  ]);
  assertEquals(virtual.clock.time, 30);
});

Deno.test("crawler: ten at once at most", () => {
  using virtual = new VirtualRuntime();
  let [running, most] = [0, 0];
  const urls = Array.from({ length: 25 }, (_, n) => `http://host/${n}`);
  const rows = virtual.run(() =>
    crawl(urls, function* () {
      most = Math.max(most, ++running);
      yield* sleep(10);
      running--;
      return { status: 200, bytes: 1 };
    })
  );
  assertEquals([rows.length, most, virtual.clock.time], [25, 10, 30]);
});

Deno.test("crawler: a page that fails is a row, and so is one that takes too long", () => {
  using virtual = new VirtualRuntime();
  const visits: Record<string, () => Co<Page> | Gate<Page>> = {
    "http://bad/": function* () {
      throw new TypeError("refused");
    },
    "http://never/": () => new Gate<Page>(),
    "http://good/": () => page(1, 5),
  };
  const rows = virtual.run(() => crawl(Object.keys(visits), (url) => visits[url]()));
  const results = rows.map(({ result }) => result instanceof Error ? result.message : result);
  assertEquals(results, [
    "refused",
    "Timed out after 10000 ms of waiting for an answer",
    { status: 200, bytes: 5 },
  ]);
});

Deno.test("crawler: dropping it drops the visits", () => {
  using virtual = new VirtualRuntime();
  const gates = [new Gate<Page>(), new Gate<Page>()];
  const task = virtual.spawn(() => crawl(["0", "1"], (url) => gates[Number(url)]));
  virtual.settle();
  task.abort();
  assertEquals(gates.map(({ dropped }) => dropped > 0), [true, true]);
  assertEquals(virtual.runtime.statistics(), NOTHING);
});

Deno.test("crawler: the table has a column for each, and a total", () => {
  const lines = table([
    { url: "http://a/", milliseconds: 7, result: { status: 200, bytes: 1234 } },
    { url: "http://longer/", milliseconds: 12, result: { status: 404, bytes: 9 } },
    { url: "http://b/", milliseconds: 3, result: new Error("refused") },
  ], 15);
  assertEquals(lines, [
    "URL             STATUS  BYTES  LATENCY",
    "http://a/       200     1234   7 ms",
    "http://longer/  404     9      12 ms",
    "http://b/       failed  -      3 ms  refused",
    "2 of 3 answered, 1243 bytes in 15 ms",
  ]);
  assert(table([], 0)[1].startsWith("0 of 0"));
});
