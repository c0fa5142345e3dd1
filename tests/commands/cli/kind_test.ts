import fc from "../../support/fast_check.ts";
import {
  alternatives,
  bool,
  choice,
  count,
  duration,
  type Kind,
  list,
  port,
  size,
  text,
} from "../../../commands/cli/kind.ts";
import { assertEquals, assertStrictEquals } from "../../support/assert.ts";

/** The value a kind reads, or the phrase it refuses with. */
function read<T>(kind: Kind<T>, word: string): T | string {
  const reading = kind.read(word);
  return reading.ok ? reading.value : reading.expected;
}

Deno.test("text takes any word, but empty text only where it is allowed", () => {
  assertEquals(read(text("PATH"), "-/tmp/a b"), "-/tmp/a b");
  assertEquals(read(text("PATH"), ""), "PATH, not an empty text");
  assertEquals(read(text("BODY", { allowEmpty: true }), ""), "");
  assertEquals(text("BODY").show(""), '""');
});

Deno.test("count takes whole numbers in its range and says what the range is", () => {
  assertEquals(read(count(), "10000"), 10000);
  assertEquals(read(count(), "-1"), "a whole number from 0 up");
  assertEquals(read(count({ min: 1 }), "0"), "a whole number from 1 up");
  assertEquals(read(count({ min: 1, max: 64 }), "65"), "a whole number from 1 to 64");
  assertEquals(read(count({ min: 1, max: 64 }), "many"), "a whole number from 1 to 64");
  assertEquals(read(count({ min: -5 }), "-5"), -5);
  assertStrictEquals(read(count(), "-0"), 0);
});

Deno.test("count refuses notations and numbers it could not honour exactly", () => {
  for (const word of ["1.5", "1e3", "0x10", " 1", "", "1_000"]) {
    assertEquals(read(count(), word), "a whole number from 0 up", word);
  }
  assertEquals(read(count(), "9".repeat(20)), "a whole number from 0 to 9007199254740991");
});

Deno.test("port takes 0 to 65535", () => {
  assertEquals(read(port(), "0"), 0);
  assertEquals(read(port(), "65535"), 65535);
  for (const word of ["65536", "99999", "-1", "http", ""]) {
    assertEquals(read(port(), word), "a port from 0 to 65535", word);
  }
});

Deno.test("duration takes the word off only where it means something", () => {
  assertEquals(read(duration({ off: true }), "off"), 0);
  assertEquals(read(duration({ off: true }), "0"), 0);
  assertEquals(duration({ off: true }).show(0), "off");
  assertEquals(duration({ off: true }).show(10_000), "10s");
  assertEquals(read(duration(), "off"), "a duration such as 500ms, 10s, 2m or 1h");
  assertEquals(
    read(duration({ off: true }), "soon"),
    "a duration such as 500ms, 10s, 2m or 1h, or off",
  );
});

Deno.test("duration answers a value outside its range with the range, a lost unit with the unit", () => {
  const tick = duration({ min: 100, max: 3_600_000 });
  assertEquals(read(tick, "1s"), 1000);
  assertEquals(read(tick, "2h"), "a duration from 100ms to 1h");
  assertEquals(read(tick, "0"), "a duration from 100ms to 1h");
  assertEquals(read(tick, "10"), "a duration with its unit, such as 10s");
});

Deno.test("duration with off and a minimum is off or at least the minimum", () => {
  const tick = duration({ off: true, min: 1000 });
  assertEquals(read(tick, "0"), 0);
  assertEquals(read(tick, "500ms"), "a duration from 1s up, or off");
});

Deno.test("size takes bytes within its range", () => {
  assertEquals(read(size(), "64k"), 65_536);
  assertEquals(read(size({ min: 1024, max: 1_048_576 }), "2m"), "a size from 1k to 1m");
  assertEquals(read(size({ min: 1024 }), "1"), "a size from 1k up");
  assertEquals(size().show(65_536), "64k");
});

Deno.test("choice takes its words only and suggests the one probably meant", () => {
  const overflow = choice("wait", "refuse");
  assertEquals(read(overflow, "refuse"), "refuse");
  assertEquals(read(overflow, "refsue"), "wait or refuse; did you mean refuse?");
  assertEquals(read(overflow, "purple"), "wait or refuse");
  assertEquals(overflow.placeholder, "wait|refuse");
});

Deno.test("bool takes the words for on and off in either case", () => {
  for (const word of ["1", "true", "yes", "on", "TRUE"]) assertEquals(read(bool(), word), true);
  for (const word of ["0", "false", "no", "off", "Off"]) assertEquals(read(bool(), word), false);
  assertEquals(read(bool(), "maybe"), "true or false (also 1/0, yes/no, on/off)");
  assertEquals([bool().show(true), bool().show(false)], ["on", "off"]);
});

Deno.test("list gathers values in order and leaves what came earlier alone", () => {
  const ports = list(port());
  const first = [1];
  assertEquals(ports.read("2", first), { ok: true, value: [1, 2] });
  assertEquals(first, [1]);
  assertEquals(read(ports, "x"), "a port from 0 to 65535");
  assertEquals(ports.show([1, 2]), "1, 2");
});

Deno.test("alternatives reads like a sentence", () => {
  assertEquals(alternatives([]), "");
  assertEquals(alternatives(["a"]), "a");
  assertEquals(alternatives(["a", "b"]), "a or b");
  assertEquals(alternatives(["a", "b", "c"]), "a, b or c");
});

Deno.test("every kind reads back what it shows", () => {
  const roundTrip = <T>(kind: Kind<T>, value: T) => {
    assertEquals(kind.read(kind.show(value)), { ok: true, value });
  };
  fc.assert(fc.property(fc.nat(65535), fc.boolean(), (number, flag) => {
    for (const kind of [count(), port(), duration(), duration({ off: true }), size()]) {
      roundTrip(kind, number);
    }
    roundTrip(bool(), flag);
    roundTrip(choice("wait", "refuse"), flag ? "wait" : "refuse");
  }));
});
