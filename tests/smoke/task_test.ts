/** The README's own command, as it is typed. */

import { assertEquals } from "../support/assert.ts";
import { Netcat, ORIGIN, ServerProcess } from "./tool_process.ts";

Deno.test({
  name: "deno task echo: serves with the permissions that the task has",
  ignore: ORIGIN !== "from source",
  fn: async () => {
    const folder = await Deno.makeTempDir({ dir: "/tmp" });
    const path = `${folder}/echo.sock`;
    await using server = new ServerProcess("task echo", "--", "--unix", path);
    await server.listening();
    const client = new Netcat("-NU", path);
    await client.type("hello\n");
    assertEquals(await client.end(), "hello\n");
    server.signal("SIGTERM");
    await server.exitCode();
    await Deno.remove(folder);
  },
});
