/** The chat server on several real threads, with real sockets. */

import {
  type Co,
  type DriverName,
  DRIVERS,
  End,
  epollDriver,
  type JoinHandle,
  Runtime,
  sleep,
  spawn,
  type TcpAddress,
} from "wakeful/runtime";
import { BufReader, TcpStream } from "wakeful/net";
import { parse } from "../../../commands/cli/parse.ts";
import { CHAT_SERVER, type ChatOptions } from "../../../commands/chat-server/command.ts";
import { Journal } from "../../../commands/chat-server/journal.ts";
import { open } from "../../../commands/chat-server/open.ts";
import type { Service } from "../../../commands/chat-server/service.ts";
import { assert, assertEquals, assertStringIncludes } from "../../support/assert.ts";
import { bytes } from "../../support/bytes.ts";
import { NO_VARIABLES } from "../cli/example_table.ts";
import { recordingLogger } from "../echo-server/served.ts";

const ON_LINUX = { ignore: Deno.build.os !== "linux", ...countedRight() };
if (!ON_LINUX.ignore) await epollDriver().close(); // loads the C library once, so no test's leak

/** Deno 2.6 counts timers that were cleared as if they were running, now and then, under load. */
function countedRight(): { sanitizeOps?: false; sanitizeResources?: false } {
  const isWrong = Deno.version.deno.startsWith("2.6.");
  return isWrong ? { sanitizeOps: false, sanitizeResources: false } : {};
}

function optionsFrom(flags: readonly string[]): ChatOptions {
  const always = ["--port=0", "--log-level=error", "--threads=2"];
  const parsed = parse(CHAT_SERVER, [...always, ...flags], NO_VARIABLES);
  assert("options" in parsed);
  return parsed.options;
}

/** Somebody who is connected. */
class Caller {
  readonly #stream: TcpStream;
  readonly #lines: BufReader;

  constructor(stream: TcpStream) {
    this.#stream = stream;
    this.#lines = new BufReader(stream);
  }

  *type(...lines: string[]): Co<void> {
    yield* this.#stream.writeAll(bytes(lines.map((line) => `${line}\n`).join("")));
  }

  /** The next line that holds `text`; those before it are passed over. */
  *see(text: string): Co<string> {
    for (let seen = "";;) {
      const line = yield* this.#lines.readLine();
      if (line === End) throw new Error(`never saw ${text} in ${seen}`);
      if (line.includes(text)) return line;
      seen += `${line}\n`;
    }
  }

  /** The next so many lines that somebody has said. */
  *said(count: number): Co<string[]> {
    const said: string[] = [];
    while (said.length < count) {
      const line = yield* this.#lines.readLine();
      if (line === End) throw new Error(`only ${said}`);
      if (!line.startsWith("--")) said.push(line);
    }
    return said;
  }

  close(): void {
    this.#stream.close();
  }

  /** Closes without delivering what is still on its way. */
  hangUp(): void {
    this.#stream.abort();
  }
}

class Serving {
  readonly #serving: JoinHandle<never>;
  #drained = false;

  constructor(readonly service: Service, readonly logged: () => string[]) {
    this.#serving = spawn(() => service.serve());
  }

  *call(name?: string): Co<Caller> {
    const { port } = this.service.localAddr as TcpAddress;
    const caller = new Caller(yield* TcpStream.connect({ port }));
    if (name === undefined) return caller;
    yield* caller.see("you are in lobby");
    yield* caller.type(`/nick ${name}`);
    yield* caller.see(`is now ${name}`);
    return caller;
  }

  *drain(): Co<void> {
    if (this.#drained) return;
    this.#drained = true;
    this.#serving.abort();
    yield* this.service.drain("closing time");
  }
}

function test(name: string, flags: string[], body: (s: Serving) => Co<void>): void {
  for (const driver of ["deno", "epoll"] as const) {
    Deno.test({
      name: `ChatThreads: ${name}, over ${driver}`,
      ...ON_LINUX,
      fn: () => withServer(driver, flags, body),
    });
  }
}

async function withServer(
  driver: DriverName,
  flags: readonly string[],
  body: (s: Serving) => Co<void>,
): Promise<void> {
  await using runtime = Runtime.builder().driver(DRIVERS[driver]).enableAll().build();
  await runtime.blockOn(function* () {
    const { log, events } = recordingLogger();
    using journal = new Journal();
    const options = optionsFrom([`--driver=${driver}`, ...flags]);
    using service = yield* open(options, { log, journal }, "linux");
    const serving = new Serving(service, () => events.map(({ message }) => message));
    yield* body(serving);
    yield* serving.drain();
    const { told, delivered, dropped, gone } = service.ledger;
    assertEquals(told, delivered + dropped + gone);
  });
}

test(
  "everybody sees one order, on whichever thread",
  ["--rate=1000", "--burst=1000"],
  function* (s) {
    const names = ["ann", "ben", "cleo", "dan", "eve", "fay"];
    const callers: Caller[] = [];
    for (const name of names) callers.push(yield* s.call(name));
    const EACH = 20;
    for (const [i, caller] of callers.entries()) {
      yield* caller.type(...Array.from({ length: EACH }, (_, n) => `${names[i]} says ${n}`));
    }
    const heard: string[][] = [];
    for (const caller of callers) heard.push(yield* caller.said((names.length - 1) * EACH));
    for (const [i, one] of heard.entries()) {
      const others = (line: string) => !line.startsWith(names[0]) && !line.startsWith(names[i]);
      assertEquals(one.filter(others), heard[0].filter(others));
    }
    for (const caller of callers) caller.close();
  },
);

test("rooms, private messages and kicks cross threads", ["--operator-token=t"], function* (s) {
  const callers: Caller[] = [];
  for (const name of ["ann", "ben", "cleo"]) callers.push(yield* s.call(name));
  const [ann, ben, cleo] = callers;
  yield* ben.type("/join garden");
  yield* ann.see("ben left for garden");
  yield* cleo.see("ben left for garden");
  yield* cleo.type("/msg ben psst", "/oper t", "/kick ben rude");
  assertEquals(yield* ben.see("psst"), "[cleo -> you] psst");
  yield* ben.see("kicked by cleo: rude");
  yield* cleo.type("/stats");
  assertStringIncludes(yield* cleo.see("connected"), "2 connected");
  for (const caller of callers) caller.close();
});

test("the limits are those of all threads together", ["--max-clients=3"], function* (s) {
  const callers: Caller[] = [];
  for (const name of ["ann", "ben", "cleo"]) callers.push(yield* s.call(name));
  for (let i = 0; i < 3; i++) {
    const refused = yield* s.call();
    yield* refused.see("the server is full with 3 people");
    refused.close();
  }
  callers.pop()!.close();
  yield* callers[0].see("cleo left");
  for (let late: Caller | undefined; late === undefined;) {
    late = yield* s.call();
    const line = yield* late.see("--");
    if (line.includes("welcome")) callers.push(late);
    else late.close(), late = undefined;
  }
  for (const caller of callers) caller.close();
});

test("a slow reader misses lines and is told, and the others wait for nobody", [
  "--inbox=64",
  "--rate=100000",
  "--burst=100000",
], function* (s) {
  const [ann, ben, slow] = [yield* s.call("ann"), yield* s.call("ben"), yield* s.call("slow")];
  const LINES = 4_000;
  const long = "x".repeat(2_000); // more than the system keeps for who does not read
  const BURST = 16; // there is room for it in the inbox of who reads
  for (let i = BURST; i <= LINES; i += BURST) {
    yield* ann.type(...Array.from({ length: BURST }, (_, n) => `${i - n} ${long}`));
    yield* ben.see(`: ${i - BURST + 1} `);
  }
  yield* slow.see("you missed");
  for (const caller of [ann, ben, slow]) caller.close();
});

test("slow readers are disconnected where that is asked for", [
  "--inbox=8",
  "--slow-reader=disconnect",
  "--rate=100000",
  "--burst=100000",
], function* (s) {
  const [ann, slow] = [yield* s.call("ann"), yield* s.call("slow")];
  const long = "x".repeat(2_000);
  const talking = spawn(function* () {
    for (let i = 0;; i++) {
      yield* ann.type(...Array.from({ length: 100 }, (_, n) => `${i} ${n} ${long}`));
      yield* sleep(1);
    }
  });
  yield* ann.see("slow left (reads too slowly)");
  talking.abort();
  for (const caller of [ann, slow]) caller.hangUp();
});

test("the end is told to everybody, within its time", ["--drain-timeout=500ms"], function* (s) {
  const callers: Caller[] = [];
  for (const name of ["ann", "ben", "cleo", "dan"]) callers.push(yield* s.call(name));
  const drain = spawn(() => s.drain());
  for (const caller of callers) yield* caller.see("shutting down in 1s: closing time");
  for (const caller of callers) yield* caller.see("shutting down: goodbye");
  for (const caller of callers) caller.close();
  yield* drain;
  assertEquals(s.logged(), ["4 clients: closing within 500ms"]);
});
