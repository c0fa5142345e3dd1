import { listen } from "../../../commands/cli/listen.ts";
import { RuntimeFailure } from "../../../commands/cli/errors.ts";
import { type Co, Runtime } from "wakeful/runtime";
import { assertInstanceOf, assertStringIncludes } from "../../support/assert.ts";
import { tempDir } from "../../support/temp_dir.ts";

/** What a second server is told that wants the place of the first. */
async function told(unix: string | undefined): Promise<string> {
  using runtime = Runtime.builder().enableAll().build();
  return await runtime.spawn(function* (): Co<string> {
    using first = yield* listen({ unix, host: "127.0.0.1", port: 0 });
    const { localAddr } = first;
    const port = localAddr.transport === "tcp" ? localAddr.port : 0;
    try {
      using _second = yield* listen({ unix, host: "127.0.0.1", port });
      return "nothing";
    } catch (error) {
      assertInstanceOf(error, RuntimeFailure);
      return error.message;
    }
  });
}

Deno.test("listen: at a port that is taken, says which flags give another", async () => {
  assertStringIncludes(await told(undefined), "choose another with --port or --host");
});

Deno.test("listen: at a path that is taken, says which flag gives another", async () => {
  using dir = tempDir();
  assertStringIncludes(await told(dir.path("socket")), "choose another path with --unix");
});
