import { assert, assertThrows } from "../../../support/assert.ts";
import { Refusal } from "../../../../commands/job-queue/api/refusal.ts";
import { checkToken } from "../../../../commands/job-queue/api/token.ts";

const passes = (given: string | undefined) => checkToken("secret", given);

Deno.test("token: a bearer or a password opens, and where there is no token, anything", () => {
  passes("Bearer secret");
  passes("bearer  secret");
  passes(`Basic ${btoa(":secret")}`);
  passes(`basic ${btoa("me:secret")}`);
  checkToken(undefined, undefined);
});

Deno.test("token: everything else is refused, and told how", () => {
  const wrong = [
    "secret",
    "Bearer",
    "Bearer secre",
    "Bearer secrets",
    "Bearer ",
    "Basic !!",
    "Basic",
  ];
  for (const given of [...wrong, `Basic ${btoa("secret:x")}`, "", undefined]) {
    const { status, fields } = assertThrows(() => passes(given), Refusal);
    assert(status === 401 && "WWW-Authenticate" in fields, given);
  }
});
