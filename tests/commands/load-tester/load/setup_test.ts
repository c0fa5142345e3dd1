import { UsageError } from "../../../../commands/cli/errors.ts";
import { clientOptions } from "../../../../commands/load-tester/load/setup.ts";
import { assertEquals, assertStrictEquals, assertThrows } from "../../../support/assert.ts";
import { GET, SETUP } from "../rig.ts";

Deno.test("setup: it crosses to another thread, and says the same there", () => {
  const setup = {
    ...SETUP,
    urls: ["http://a/{{line:words}}", "http://a/x", "https://a/"],
    files: { words: ["red"] },
    overrides: [{ host: "a", port: 80, address: "127.0.0.1" }],
    redirects: 3,
  };
  const { targets, redirects, routes, timeout } = clientOptions(structuredClone(setup));
  assertEquals(targets.map(({ url }) => url), setup.urls);
  assertStrictEquals(targets[0].origin, targets[1].origin);
  assertEquals(routes.origins.map(({ endpoint }) => endpoint), [
    ...[{ host: "127.0.0.1", port: 80 }, { host: "a", port: 443 }],
  ]);
  assertEquals([redirects, timeout], [3, 20_000]);
});

Deno.test("setup: what is wrong with it is said before anything is sent", () => {
  assertThrows(() => clientOptions({ ...SETUP, urls: ["ftp://a"] }), UsageError, "ftp://a");
  const shape = { ...GET, headers: ["what"] };
  assertThrows(() => clientOptions({ ...SETUP, shape }), UsageError, "--header what");
});
