/** The front door is true: the README's first program runs as printed, and its links lead somewhere. */

import { assert, assertEquals } from "./support/assert.ts";
import { readSource, ROOT } from "./support/source_files.ts";

const README = readSource("README.md");
const PORT_AS_PRINTED = 8080;

function firstProgram(): string {
  return README.match(/```ts ignore\n([\s\S]*?)```/)![1];
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Connects as soon as somebody listens, or throws once the program has ended. */
async function connect(port: number, program: Deno.ChildProcess): Promise<Deno.TcpConn> {
  let ended = false;
  program.status.then(() => ended = true);
  for (;;) {
    try {
      return await Deno.connect({ hostname: "127.0.0.1", port });
    } catch (error) {
      if (ended || !(error instanceof Deno.errors.ConnectionRefused)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

Deno.test("README: its first program is examples/echo.ts", () => {
  assert(readSource("examples/echo.ts").endsWith(firstProgram()));
});

Deno.test("README: its first program echoes", async () => {
  const port = freePort();
  const code = firstProgram().replace(String(PORT_AS_PRINTED), String(port));
  const program = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "--allow-net", "--ext=ts", "-"],
    cwd: ROOT,
    stdin: "piped",
  }).spawn();
  const writer = program.stdin.getWriter();
  await writer.write(new TextEncoder().encode(code));
  await writer.close();
  try {
    using conn = await connect(port, program);
    await conn.write(new TextEncoder().encode("hello\n"));
    const buffer = new Uint8Array(16);
    const n = await conn.read(buffer);
    assertEquals(new TextDecoder().decode(buffer.subarray(0, n ?? 0)), "hello\n");
  } finally {
    program.kill("SIGKILL");
    await program.status;
  }
});

Deno.test("README: the commands come within the first 25 lines", () => {
  const head = README.split("\n").slice(0, 25).join("\n");
  for (const command of ["task echo", "task test", "nc -N 127.0.0.1 8080"]) {
    assert(head.includes(command), command);
  }
});

Deno.test("README: every link into the repository leads to a file", () => {
  const targets = [...README.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, target]) => target);
  assert(targets.length > 0);
  for (const target of targets) assert(Deno.statSync(new URL(target, ROOT)).isFile, target);
});

Deno.test("README: every task it names exists", () => {
  const { tasks } = JSON.parse(readSource("deno.json"));
  for (const [, task] of README.matchAll(/(?:deno|deno@[\d.]+) task ([a-z]+)/g)) {
    assert(task in tasks, task);
  }
});
