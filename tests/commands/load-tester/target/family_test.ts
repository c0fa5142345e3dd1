import { RuntimeFailure } from "../../../../commands/cli/errors.ts";
import type { Setup } from "../../../../commands/load-tester/load/setup.ts";
import { inFamily } from "../../../../commands/load-tester/target/family.ts";
import { runTest } from "wakeful/testing";
import { assertEquals, assertInstanceOf, assertStringIncludes } from "../../../support/assert.ts";

function setupOf(urls: readonly string[], overrides: Setup["overrides"] = []): Setup {
  return {
    ...{ urls, overrides, files: {}, redirects: 0, timeout: 1, connectTimeout: 1, insecure: false },
    shape: { method: "GET", headers: [], body: undefined, close: false },
  };
}

Deno.test("family: every host is at an address of the family that was asked for", async () => {
  const setup = await runTest(() => inFamily(setupOf(["http://127.0.0.1:81/", "localhost/x"]), 4));
  assertEquals(setup.overrides, [
    { host: "127.0.0.1", port: 81, address: "127.0.0.1" },
    { host: "localhost", port: 80, address: "127.0.0.1" },
  ]);
  assertEquals(setup.urls, ["http://127.0.0.1:81/", "localhost/x"]);
});

Deno.test("family: --resolve comes first", async () => {
  const known = { host: "a.invalid", port: 80, address: "10.0.0.1" };
  const setup = await runTest(() => inFamily(setupOf(["http://a.invalid/"], [known]), 6));
  assertEquals(setup.overrides, [known]);
});

Deno.test("family: a host without such an address is one line", async () => {
  const failure = await runTest(function* () {
    try {
      yield* inFamily(setupOf(["http://127.0.0.1/"]), 6);
    } catch (error) {
      return error;
    }
  });
  assertInstanceOf(failure, RuntimeFailure);
  assertStringIncludes(failure.message, "127.0.0.1");
});
