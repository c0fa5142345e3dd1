import { readVariable } from "../../../runtime/os/environment.ts";
import { assertEquals } from "../../support/assert.ts";

Deno.test("environment: what is set is read, and what is not is undefined", () => {
  const [[name, value]] = Object.entries(Deno.env.toObject()).filter(([, text]) => text !== "");
  assertEquals(readVariable(name), value);
  assertEquals(readVariable("WAKEFUL_NOBODY_SETS_THIS"), undefined);
});

Deno.test({
  name: "environment: what may not be read is undefined, and nobody is asked",
  permissions: { env: false },
  fn: () => assertEquals(readVariable("PATH"), undefined),
});
