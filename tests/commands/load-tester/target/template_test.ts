import fc from "../../../support/fast_check.ts";
import { Random } from "wakeful/runtime";
import { UsageError } from "../../../../commands/cli/errors.ts";
import {
  type Filling,
  namedFiles,
  Template,
} from "../../../../commands/load-tester/target/template.ts";
import { assert, assertEquals, assertThrows } from "../../../support/assert.ts";

const NO_FILES = (path: string): never => {
  throw new Error(`nobody asked for ${path}`);
};
const COLOURS = ["red", "green", "blue"];

function filling(seq = 1, seed = 0): Filling {
  return { seq, random: new Random(seed) };
}

function fill(text: string, from = filling()): string {
  return Template.parse(text, NO_FILES).fill(from);
}

Deno.test("template: places are filled in, and what is around them stays", () => {
  assertEquals(fill("{{seq}}", filling(7)), "7");
  assertEquals(fill("a{{seq}}b{{seq}}c", filling(12)), "a12b12c");
  assertEquals(fill('{"a":{"id":{{seq}}}}', filling(3)), '{"a":{"id":3}}');
  assertEquals(fill("{{{seq}}}", filling(3)), "{3}");
  assertEquals(fill("{{rand:5..5}}{{rand:-2..-2}}"), "5-2");
});

Deno.test("template: text without places means itself, whatever braces it has", () => {
  const text = fc.string({
    unit: fc.constantFrom("{", "}", "a", ":", "1", " ", "{{}}", "{{A}}", "{{ seq }}"),
  });
  fc.assert(fc.property(text, (text) => {
    fc.pre(!/\{\{[a-z]+(:[^{}]*)?\}\}/.test(text));
    const template = Template.parse(text, NO_FILES);
    assert(template.isConstant);
    assertEquals(template.fill(filling()), text);
  }));
});

Deno.test("template: a number from a range is in it, and every one of a small range comes up", () => {
  fc.assert(fc.property(
    fc.integer({ min: -1_000, max: 1_000 }),
    fc.nat(10),
    fc.nat(),
    (low, more, seed) => {
      const random = new Random(seed);
      const template = Template.parse(`{{rand:${low}..${low + more}}}`, NO_FILES);
      const drawn = new Set<number>();
      for (let i = 0; i < 500; i++) {
        const value = Number(template.fill({ seq: 1, random }));
        assert(Number.isInteger(value) && value >= low && value <= low + more, `${value}`);
        drawn.add(value);
      }
      assertEquals(drawn.size, more + 1);
    },
  ));
});

Deno.test("template: lines take turns, and begin again after the last", () => {
  fc.assert(fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 5 }), (lines) => {
    const template = Template.parse("{{line:x}}", () => lines);
    const seen = Array.from({ length: 12 }, (_, i) => template.fill(filling(i + 1)));
    assertEquals(seen, seen.map((_, i) => lines[i % lines.length]));
  }));
});

Deno.test("template: what is filled in is escaped, and what was typed is not", () => {
  const template = Template.parse("/a b/{{line:x}}", () => ["c d/e"]);
  assertEquals(template.fill(filling(), encodeURIComponent), "/a b/c%20d%2Fe");
});

Deno.test("template: the files it names are read by their names, once for each place", () => {
  const asked: string[] = [];
  const read = (path: string) => {
    asked.push(path);
    return COLOURS;
  };
  const text = "{{line:/tmp/a b.txt}} {{seq}} {{line:c:d}}";
  assertEquals(Template.parse(text, read).fill(filling(2)), "green 2 green");
  assertEquals([asked, namedFiles(text)], [["/tmp/a b.txt", "c:d"], ["/tmp/a b.txt", "c:d"]]);
  assertEquals(namedFiles("{{line}} {{line:}} {{lines:a}} {line:b}"), []);
});

Deno.test("template: a place for something that does not exist is refused, and named", () => {
  const known = "expected {{seq}}, {{rand:1..100}} or {{line:FILE}}";
  const range = "expected a range of whole numbers such as {{rand:1..100}}";
  const refusals: Record<string, string> = {
    "{{sec}}": known,
    "{{seq:1}}": known,
    "{{rand}}": known,
    "{{line}}": known,
    "{{line:}}": known,
    "{{rand:}}": range,
    "{{rand:9..1}}": range,
    "{{rand:1-9}}": range,
    "{{rand:0.5..1}}": range,
    "{{rand:1..}}": range,
  };
  for (const [text, expected] of Object.entries(refusals)) {
    assertThrows(() => fill(`a ${text} b`), UsageError, `${text}: ${expected}`);
  }
});
