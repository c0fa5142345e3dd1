import { Filter, filtered, LevelCounter, LEVELS, Logger, Tracer } from "wakeful/runtime";
import { assertEquals } from "../../support/assert.ts";
import { ManualClock } from "../../support/manual_clock.ts";

Deno.test("LevelCounter: counts each level for itself, of all modules", () => {
  const counter = new LevelCounter();
  const log = new Logger("shop", new Tracer({ clock: new ManualClock(), layers: [counter] }));
  LEVELS.forEach((level, i) => {
    for (let n = 0; n <= i; n++) log.for(`module-${n}`)[level]("said");
  });
  assertEquals(counter.counts, { error: 1, warn: 2, info: 3, debug: 4, trace: 5 });
});

Deno.test("LevelCounter: behind a filter it counts what passes; a look is not changed later", () => {
  const counter = new LevelCounter();
  const layers = [filtered(Filter.parse("warn"), counter)];
  const log = new Logger("shop", new Tracer({ clock: new ManualClock(), layers }));
  const before = counter.counts;
  for (const level of LEVELS) log[level]("said");
  assertEquals(counter.counts, { error: 1, warn: 1, info: 0, debug: 0, trace: 0 });
  assertEquals(before.error, 0);
});
