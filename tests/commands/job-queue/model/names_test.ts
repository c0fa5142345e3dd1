import { assert } from "../../../support/assert.ts";
import { isKey, isName } from "../../../../commands/job-queue/model/names.ts";

Deno.test("names: letters of any script, digits and a few marks; nothing that acts elsewhere", () => {
  for (const name of ["a", "image.resize", "größe-2", "v1:x@y_z"]) assert(isName(name), name);
  for (const name of ["", "a b", "a/b", "a\n", '"', "{", "x".repeat(65), 7, null, undefined]) {
    assert(!isName(name), String(name));
  }
});

Deno.test("names: a key may be anything that can be seen", () => {
  for (const key of ["a b", "tenant/7", "😀"]) assert(isKey(key), key);
  for (const key of ["", "a\u0000", "a\nb", "x".repeat(201), 7]) assert(!isKey(key), String(key));
});
