/** The README's own command, as it is typed. */

import { assertEquals, assertStringIncludes } from "../support/assert.ts";
import { ROOT } from "../support/source_files.ts";
import { Netcat, ORIGIN, ServerProcess } from "./tool_process.ts";

const PROMPT_LIMIT_MS = 30_000;

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

const ASKS_FOR_MORE = `
  export function home(_, job) {
    try {
      return Deno.env.get("HOME");
    } catch (error) {
      job.fatal(error.name);
    }
  }
`;

Deno.test({
  name: "deno task queue: what a handler may not do is its error, at a terminal as well",
  ignore: ORIGIN !== "from source",
  fn: async () => {
    const folder = await Deno.makeTempDir({ dir: "/tmp" });
    const handlers = `${folder}/handlers.js`;
    await Deno.writeTextFile(handlers, ASKS_FOR_MORE);
    const line = `${Deno.execPath()} task queue run --handlers ${handlers} --type home -n 1`;
    const terminal = new Deno.Command("script", {
      args: ["-qec", line, "/dev/null"],
      cwd: ROOT,
      stdin: "piped", // open: nobody answers a question
      stdout: "piped",
    }).spawn();
    const limit = setTimeout(() => terminal.kill(), PROMPT_LIMIT_MS);
    const text = await new Response(terminal.stdout).text();
    clearTimeout(limit);
    await terminal.stdin.close().catch(() => {}); // it has ended
    assertStringIncludes(text, "Jobs:        1 (0 completed, 1 dead)");
    assertEquals((await terminal.status).code, 1);
    await Deno.remove(folder, { recursive: true });
  },
});
