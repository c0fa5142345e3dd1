import { Submissions } from "../../../../runtime/reactor/deno/submissions.ts";
import { assertEquals } from "../../../support/assert.ts";
import { Recorder } from "../../../support/recorder.ts";

Deno.test("Submissions: started together, in order, and each once", () => {
  const log = new Recorder();
  const submissions = new Submissions(() => {});
  for (const name of ["a", "b"]) submissions.add({ submit: () => log.note(name) });
  assertEquals(log.line, "");
  submissions.submitAll();
  submissions.submitAll();
  assertEquals(log.line, "a b");
});

Deno.test("Submissions: the first of each turn says that there is something to start", () => {
  let told = 0;
  const submissions = new Submissions(() => told++);
  for (let turn = 1; turn <= 2; turn++) {
    for (let i = 0; i < 3; i++) submissions.add({ submit() {} });
    assertEquals(told, turn);
    submissions.submitAll();
  }
});
