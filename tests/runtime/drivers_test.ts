import { assertEquals, assertMatch } from "../support/assert.ts";
import { runDeno } from "../support/child_process.ts";

const MAY_READ = "--allow-env=WAKEFUL_*";

async function chosen(driver: string, ...permissions: string[]): Promise<string> {
  const options = { env: { WAKEFUL_DRIVER: driver } };
  const result = await runDeno(permissions, "tests/support/driver_program.ts", options);
  assertEquals([result.code, result.stderr], [0, ""]);
  return result.stdout.trim();
}

Deno.test("default driver: the variable names it, and an empty one counts as unset", async () => {
  assertEquals(await chosen("", MAY_READ), "deno");
  assertEquals(await chosen("deno", MAY_READ), "deno");
  assertEquals(
    await chosen("steam", MAY_READ),
    'InvalidVariable: WAKEFUL_DRIVER="steam": expected deno or epoll',
  );
});

Deno.test("default driver: a variable that may not be read is as good as none", async () => {
  assertEquals(await chosen("epoll"), "deno");
  assertEquals(await chosen("steam", "--allow-env=HOME"), "deno");
});

Deno.test({
  name: "default driver: epoll runs, or says what it lacks",
  ignore: Deno.build.os !== "linux",
  async fn() {
    assertEquals(await chosen("epoll", MAY_READ, "--allow-ffi"), "epoll");
    assertMatch(await chosen("epoll", MAY_READ), /^DriverUnavailable: .*--allow-ffi/);
  },
});
