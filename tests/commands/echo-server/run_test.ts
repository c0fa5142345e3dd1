import { Cancelled, Filter, lines, Logger, realClock, Runtime, Tracer } from "wakeful/runtime";
import { RuntimeFailure } from "../../../commands/cli/errors.ts";
import { run } from "../../../commands/echo-server/run.ts";
import type { EchoOptions } from "../../../commands/echo-server/command.ts";
import { assert, assertEquals, assertRejects } from "../../support/assert.ts";
import { exchange } from "../../support/deno_client.ts";
import { FakeSignals } from "../../support/fake_signals.ts";
import { Exited, FakeTerminal } from "../../support/fake_terminal.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { OPTIONS } from "./served.ts";

const RUN: EchoOptions = {
  ...OPTIONS,
  host: "127.0.0.1",
  port: 0,
  unix: undefined,
  driver: "deno",
  threads: 1,
  logLevel: undefined,
  logFormat: "pretty",
};

const SHUTTING_DOWN = /^SIGTERM: shutting down; once more to end at once$/;

/** The tool's run, beginning now; what it logs goes to stderr as it is. */
function running(options: Partial<EchoOptions> = {}) {
  const terminal = new FakeTerminal();
  const signals = new FakeSignals();
  const builder = Runtime.builder().driver(() => signals.driver()).enableAll();
  const runtime = builder.onUnjoinedError(() => {}).build();
  const tracer = new Tracer({
    clock: realClock,
    filter: new Filter("info"),
    layers: [lines(({ message }) => message, (line) => terminal.err(line))],
  });
  const log = new Logger("echo-server", tracer);
  const code = runtime.blockOn(() => run({ ...RUN, ...options }, { terminal, log, args: [] }))
    .finally(() => runtime.shutdown());
  const port = terminal.line(/^listening on 127\.0\.0\.1:(\d+)$/).then(([, port]) => Number(port));
  return { terminal, signals, runtime, code, port };
}

/** Connects until that is refused; clients that were on their way may be reset before. */
async function untilRefused(port: number): Promise<void> {
  for (;;) {
    try {
      (await Deno.connect({ port })).close();
    } catch (error) {
      if (error instanceof Deno.errors.ConnectionRefused) return;
    }
  }
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`run: listens, serves, and drains at ${signal}`, async () => {
    const { terminal, signals, code, port } = running();
    assertEquals(await exchange(await Deno.connect({ port: await port }), "hello"), "hello");
    signals.send(signal);
    assertEquals([await code, terminal.exits], [0, []]);
    assertEquals(terminal.stderr[0], `${signal}: shutting down; once more to end at once`);
  });
}

Deno.test("run: after the signal clients may finish, and new ones are refused", async () => {
  const { terminal, signals, code, port } = running();
  const client = await Deno.connect({ port: await port });
  assertEquals(await exchange(client, "before", { keep: true }), "before");
  signals.send("SIGTERM");
  await terminal.line(SHUTTING_DOWN);
  await untilRefused(await port);
  assertEquals(await exchange(client, "after"), "after");
  assertEquals(await code, 0);
});

Deno.test("run: the drain has a limit", async () => {
  const { terminal, signals, code, port } = running({ drainTimeout: 10 });
  const client = await Deno.connect({ port: await port });
  await exchange(client, "x", { keep: true });
  signals.send("SIGTERM");
  assertEquals(await code, 0);
  assertEquals(await client.read(new Uint8Array(1)), null);
  client.close();
  assertEquals(terminal.stderr.at(-1), "closed 1 client that did not finish in time");
});

Deno.test("run: a second signal ends the process at once", async () => {
  const { terminal, signals, code, port } = running();
  const client = await Deno.connect({ port: await port });
  await exchange(client, "x", { keep: true });
  const exited = Promise.withResolvers<number>();
  terminal.exit = (status) => {
    exited.resolve(status);
    throw new Exited(status);
  };
  signals.send("SIGTERM");
  await terminal.line(SHUTTING_DOWN);
  signals.send("SIGTERM");
  assertEquals(await exited.promise, 130);
  client.close();
  assertEquals(await code, 0);
});

Deno.test("run: given up, it gives its port back", async () => {
  const { runtime, code, port } = running();
  const given = await port;
  runtime.shutdown();
  await assertRejects(() => code, Cancelled);
  await untilRefused(given);
});

Deno.test("run: a taken port is a failure that says what to do", async () => {
  const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr;
  const { message } = await assertRejects(() => running({ port }).code, RuntimeFailure);
  assert(message.startsWith(`cannot listen on 127.0.0.1:${port}: Address already in use; choose`));
  taken.close();
});

Deno.test("run: an address of another machine is a failure that names it", async () => {
  const { code } = running({ host: "192.0.2.1" });
  await assertRejects(() => code, RuntimeFailure, "cannot listen on 192.0.2.1:0: Cannot assign");
});

Deno.test("run: a Unix socket instead, whose file goes with the server", async () => {
  using dir = tempDir();
  const path = dir.path("echo.sock");
  const { terminal, signals, code } = running({ unix: path });
  await terminal.line(/^listening on unix:.*echo\.sock$/);
  assertEquals(await exchange(await Deno.connect({ transport: "unix", path }), "hi"), "hi");
  signals.send("SIGTERM");
  assertEquals(await code, 0);
  await assertRejects(() => Deno.lstat(path), Deno.errors.NotFound);
});

Deno.test("run: a file that is no socket is not replaced by one", async () => {
  using dir = tempDir();
  const path = dir.path("precious.txt");
  Deno.writeTextFileSync(path, "precious");
  await assertRejects(() => running({ unix: path }).code, RuntimeFailure, "it is not a socket");
  assertEquals(Deno.readTextFileSync(path), "precious");
});
