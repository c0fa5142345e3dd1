import { Filter, lines, Logger, realClock, Runtime, Tracer } from "wakeful/runtime";
import type { ChatOptions } from "../../../commands/chat-server/command.ts";
import { run } from "../../../commands/chat-server/run.ts";
import { RuntimeFailure } from "../../../commands/cli/errors.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "../../support/assert.ts";
import { FakeSignals } from "../../support/fake_signals.ts";
import { FakeTerminal } from "../../support/fake_terminal.ts";
import { OPTIONS } from "./hosted.ts";

const RUN: ChatOptions = {
  ...OPTIONS,
  host: "127.0.0.1",
  port: 0,
  unix: undefined,
  log: undefined,
  threads: 1,
  driver: "deno",
  logLevel: undefined,
  logFormat: "pretty",
};

/** The tool's run, beginning now; what it logs goes to stderr as it is. */
function running(options: Partial<ChatOptions> = {}, terminal = new FakeTerminal()) {
  const signals = new FakeSignals();
  const builder = Runtime.builder().driver(() => signals.driver()).enableAll();
  const runtime = builder.onUnjoinedError(() => {}).build();
  const layer = lines(({ message }) => message, (line) => terminal.err(line));
  const tracer = new Tracer({ clock: realClock, filter: new Filter("info"), layers: [layer] });
  const log = new Logger("chat-server", tracer);
  const code = runtime.blockOn(() => run({ ...RUN, ...options }, { terminal, log, args: [] }))
    .finally(() => runtime.shutdown());
  const port = terminal.line(/^listening on 127\.0\.0\.1:(\d+)$/).then(([, port]) => Number(port));
  return { terminal, signals, code, port };
}

/** A client over Deno's own sockets that reads until something has been seen. */
class Guest {
  #conn: Deno.Conn;
  #seen = "";

  constructor(conn: Deno.Conn) {
    this.#conn = conn;
  }

  async type(text: string): Promise<void> {
    await this.#conn.write(new TextEncoder().encode(text));
  }

  async see(text: string): Promise<string> {
    const buffer = new Uint8Array(4096);
    while (!this.#seen.includes(text)) {
      const n = await this.#conn.read(buffer);
      if (n === null) break;
      this.#seen += new TextDecoder().decode(buffer.subarray(0, n));
    }
    return this.#seen;
  }

  close(): void {
    this.#conn.close();
  }
}

async function guest(port: Promise<number>): Promise<Guest> {
  const guest = new Guest(await Deno.connect({ port: await port }));
  await guest.see("you are in lobby");
  return guest;
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`run: at ${signal} everybody is told, and it ends with 0`, async () => {
    const { terminal, signals, code, port } = running({ drainTimeout: 200 });
    const ann = await guest(port);
    signals.send(signal);
    const seen = await ann.see("goodbye");
    assertStringIncludes(seen, `-- the server is shutting down in 1s: ${signal}\n`);
    ann.close();
    assertEquals([await code, terminal.exits], [0, []]);
    assertEquals(terminal.stderr, [
      `${signal}: shutting down; once more to end at once`,
      "1 client: closing within 200ms",
      "what became of all lines",
    ]);
  });
}

Deno.test("run: without anybody there is nothing to wait for", async () => {
  const { signals, code, port } = running({ drainTimeout: 3_600_000 });
  await port;
  signals.send("SIGTERM");
  assertEquals(await code, 0);
});

Deno.test("run: an operator ends it", async () => {
  const { terminal, code, port } = running({ drainTimeout: 100 });
  const ann = await guest(port);
  await ann.type("/oper sesame\n/shutdown 10ms new version\n");
  await ann.see("goodbye");
  ann.close();
  assertEquals([await code, terminal.stderr[0]], [
    0,
    "ordered by an operator: new version: shutting down",
  ]);
});

Deno.test("run: writes what happens to a file, and opens it again at SIGHUP", async () => {
  const terminal = new FakeTerminal();
  let opened = 0;
  const append = terminal.append.bind(terminal);
  terminal.append = (path) => append(`${path}.${++opened}`);
  const { signals, code, port } = running({ log: "chat.jsonl" }, terminal);
  const ann = await guest(port);
  signals.send("SIGHUP");
  await ann.type("hello\n/who\n");
  await ann.see("1 in lobby");
  ann.close();
  signals.send("SIGTERM");
  await code;
  const events = [1, 2].map((file) =>
    terminal.files.get(`chat.jsonl.${file}`)!.trim().split("\n")
      .map((line) => JSON.parse(line).event)
  );
  assertEquals(events, [["connected"], ["message", "disconnected"]]);
});

Deno.test("run: a log that cannot be opened is one helpful line", async () => {
  const terminal = new FakeTerminal();
  terminal.append = () => {
    throw new Error("Permission denied (os error 13)");
  };
  const failure = await assertRejects(() => running({ log: "/x" }, terminal).code, RuntimeFailure);
  assertEquals(
    failure.message,
    "cannot open /x: Permission denied (os error 13); choose another file with --log",
  );
});

Deno.test("run: a port that is taken is one helpful line", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr as Deno.NetAddr;
  const failure = await assertRejects(() => running({ port }).code, RuntimeFailure);
  assert(failure.message.includes("choose another with --port or --host"), failure.message);
});
