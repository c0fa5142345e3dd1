import { assertEquals, assertRejects } from "../../../support/assert.ts";
import { callHandler } from "../../../../commands/job-queue/engine/blocking.ts";

const MODULE = "data:text/javascript,export const double = ({ n }) => 2 * n;" +
  "export default { 'a.b': async () => 'from the default' }";

Deno.test("blocking: calls what a module exports, also in its default", async () => {
  assertEquals(await callHandler(MODULE, "double", { n: 21 }), 42);
  assertEquals(await callHandler(MODULE, "a.b", {}), "from the default");
});

Deno.test("blocking: says when the handler begins, and not when there is none", async () => {
  const begun = new Int32Array(new SharedArrayBuffer(4));
  await assertRejects(() => callHandler(MODULE, "other", {}, begun.buffer), TypeError);
  assertEquals(begun[0], 0);
  await callHandler(MODULE, "double", { n: 1 }, begun.buffer);
  assertEquals(begun[0], 1);
});

Deno.test("blocking: what is not there is an error that names it", async () => {
  for (const name of ["toString", "other"]) {
    await assertRejects(() => callHandler(MODULE, name, {}), TypeError, `has no function ${name}`);
  }
});
