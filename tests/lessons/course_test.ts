import { assert, assertEquals, assertThrows } from "../support/assert.ts";
import { importsOf } from "../support/source_files.ts";
import { lessonNamed, lessons } from "./course.ts";

const text = (file: string) => Deno.readTextFileSync(new URL(file, import.meta.url));

Deno.test("course: every lesson begins with its number and what it is about", () => {
  for (const { number, title, file } of lessons()) {
    assert(title.length > 0, file);
    assert(text(file).slice(0, 40).includes(`Lesson ${number}, `), file);
  }
});

Deno.test("course: every test of a lesson bears the lesson's number", () => {
  for (const { number, file } of lessons()) {
    const names = [...text(file).matchAll(/Deno\.test\(\s*["`](.*?)["`]/g)].map(([, name]) => name);
    assert(names.length > 0, file);
    const pattern = new RegExp(`^lesson ${number}(\\.\\d)? · `);
    assertEquals(names.filter((name) => !pattern.test(name)), []);
  }
});

Deno.test("course: a lesson uses the public faces alone, never a file of runtime/ or net/", () => {
  const inside = lessons().flatMap(({ file }) =>
    importsOf(`tests/lessons/${file}`).filter((target) => /^(runtime|net)\//.test(target))
  );
  assertEquals(inside, []);
});

Deno.test("course: every file that a lesson leads to is there", () => {
  for (const { file } of lessons()) {
    const opening = text(file).split("*/")[0];
    for (const [path] of opening.matchAll(/\b(?:runtime|net|examples)\/[\w/]+\.ts\b/g)) {
      assert(Deno.statSync(new URL(`../../${path}`, import.meta.url)).isFile, path);
    }
  }
});

Deno.test("course: a lesson is named by its number, with or without the leading zero", () => {
  assertEquals(lessonNamed(["05"]), lessonNamed(["5"]));
  assertEquals(lessonNamed(["26"]).file, "lesson_26_streams_test.ts");
});

Deno.test("course: whatever names no lesson is refused, and the message says why", () => {
  assertThrows(() => lessonNamed(["99"]), RangeError, "there is no lesson 99");
  for (const words of [["five"], ["1e1"], ["-1"], ["005"], [""], ["0", "5"]]) {
    assertThrows(() => lessonNamed(words), RangeError, "expected the number of one lesson");
  }
});
