import { both } from "../../../runtime/engine/hooks.ts";
import { assertEquals } from "../../support/assert.ts";
import { Recorder } from "../../support/recorder.ts";

Deno.test("both: calls the two in order, or the one there is, and is none for none", () => {
  const log = new Recorder();
  const note = (who: string) => (what: string) => log.note(`${who}:${what}`);
  both(note("a"), note("b"))?.("x");
  both(undefined, note("b"))?.("y");
  both(note("a"), undefined)?.("z");
  assertEquals(log.line, "a:x b:x b:y a:z");
  assertEquals(both(undefined, undefined), undefined);
});
