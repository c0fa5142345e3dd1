/** The echo server on several real threads, with real sockets. */

import {
  type Co,
  type DriverName,
  DRIVERS,
  epollDriver,
  type JoinHandle,
  Runtime,
  sleep,
  spawn,
  type TcpAddress,
} from "wakeful/runtime";
import { TcpStream } from "wakeful/net";
import { RuntimeFailure, UsageError } from "../../../commands/cli/errors.ts";
import { ECHO_SERVER, type EchoOptions } from "../../../commands/echo-server/command.ts";
import { open } from "../../../commands/echo-server/open.ts";
import type { Service } from "../../../commands/echo-server/service.ts";
import { statusLine } from "../../../commands/echo-server/status.ts";
import { parse } from "../../../commands/cli/parse.ts";
import { assert, assertEquals, assertRejects } from "../../support/assert.ts";
import { bytes, textOf } from "../../support/bytes.ts";
import { NO_VARIABLES } from "../cli/example_table.ts";
import { recordingLogger } from "./served.ts";

const ON_LINUX = { ignore: Deno.build.os !== "linux" };
if (!ON_LINUX.ignore) await epollDriver().close(); // loads the C library once, so no test's leak

function optionsFrom(...flags: string[]): EchoOptions {
  const parsed = parse(
    ECHO_SERVER,
    ["--log-level", "error", "--port", "0", ...flags],
    NO_VARIABLES,
  );
  assert("options" in parsed);
  return parsed.options;
}

/** A server that serves until its drain is over. */
class Serving {
  readonly port: number;
  readonly #serving: JoinHandle<never>;
  #drained = false;

  constructor(readonly service: Service, readonly said: () => string[]) {
    this.port = (service.localAddr as TcpAddress).port;
    this.#serving = spawn(() => service.serve());
  }

  *drain(): Co<void> {
    if (this.#drained) return;
    this.#drained = true;
    this.#serving.abort();
    yield* this.service.drain();
  }

  connect(): Co<TcpStream> {
    return connected(this.port);
  }
}

function* connected(port: number): Co<TcpStream> {
  return yield* TcpStream.connect({ port });
}

/** Two threads, and what a test does with them; in the end they are drained. */
function test(name: string, flags: string[], body: (s: Serving) => Co<void>): void {
  for (const driver of ["deno", "epoll"] as const) {
    Deno.test({
      name: `EchoThreads: ${name}, over ${driver}`,
      ...ON_LINUX,
      fn: () => withServer(driver, flags, body),
    });
  }
}

async function withServer(
  driver: DriverName,
  flags: string[],
  body: (s: Serving) => Co<void>,
): Promise<void> {
  await using runtime = Runtime.builder().driver(DRIVERS[driver]).enableAll().build();
  await runtime.blockOn(function* () {
    const { log, events } = recordingLogger();
    const options = optionsFrom("--threads", "2", "--driver", driver, ...flags);
    const serving = new Serving(
      yield* open(options, log, "linux"),
      () => events.map(({ message }) => message),
    );
    yield* body(serving);
    yield* serving.drain();
  });
}

function* exchange(client: TcpStream, text: string): Co<string> {
  yield* client.writeAll(bytes(text));
  const back = new Uint8Array(text.length);
  yield* client.readExact(back);
  return textOf(back);
}

test("many clients at once each get their own bytes", [], function* (s) {
  const clients: TcpStream[] = [];
  for (let i = 0; i < 50; i++) clients.push(yield* s.connect());
  for (const [i, client] of clients.entries()) {
    assertEquals(yield* exchange(client, `client ${i}`), `client ${i}`);
  }
  for (const client of clients) client.close();
});

test("the limit of connections is that of all threads", ["--max-connections", "3"], function* (s) {
  const inside = [yield* s.connect(), yield* s.connect(), yield* s.connect()];
  for (const client of inside) assertEquals(yield* exchange(client, "in"), "in");
  const waiting = yield* s.connect();
  const answer = spawn(() => exchange(waiting, "me too"));
  yield* sleep(50);
  assertEquals(answer.isFinished(), false);
  inside.pop()!.close();
  assertEquals(yield* answer, "me too");
  while (s.said().length === 0) yield* sleep(1);
  assertEquals(s.said(), ["at the limit of 3 connections: new clients wait"]);
  for (const client of [...inside, waiting]) client.close();
});

test("with --overflow refuse, those above the limit are closed", [
  "--max-connections=1",
  "--overflow=refuse",
], function* (s) {
  using client = yield* s.connect();
  assertEquals(yield* exchange(client, "in"), "in");
  for (let i = 0; i < 4; i++) {
    using refused = yield* s.connect();
    assertEquals(yield* refused.read(new Uint8Array(1)), 0);
  }
});

test("every client is told how many there are on all threads", [
  "--status-interval=30ms",
], function* (s) {
  const clients: TcpStream[] = [];
  for (let i = 0; i < 5; i++) {
    clients.push(yield* s.connect());
    yield* exchange(clients[i], "x"); // some are told before all are there
  }
  for (const client of clients) {
    for (let seen = ""; !seen.includes(statusLine(5));) {
      const chunk = yield* client.fill();
      assert(chunk.length > 0, seen);
      seen += textOf(chunk.slice());
      client.consume(chunk.length);
    }
  }
  for (const client of clients) client.close();
});

test("the drain lets clients finish, and closes the others on all threads", [
  "--drain-timeout=300ms",
  "--idle-timeout=off",
], function* (s) {
  const clients: TcpStream[] = [];
  for (let i = 0; i < 6; i++) {
    clients.push(yield* s.connect());
    yield* exchange(clients[i], "x");
  }
  const drain = spawn(() => s.drain());
  while (s.said().length === 0) yield* sleep(1);
  assertEquals(yield* exchange(clients[0], "still"), "still");
  clients[0].close();
  for (const client of clients.slice(1)) {
    assertEquals(yield* client.read(new Uint8Array(1)), 0);
    client.close();
  }
  yield* drain;
  assertEquals(s.said(), [
    "no new clients; 6 clients may finish within 300ms",
    "closed 5 clients that did not finish in time",
  ]);
});

test("the statistics are those of all threads", ["--stats"], function* (s) {
  const clients = [yield* s.connect(), yield* s.connect(), yield* s.connect()];
  for (const client of clients) yield* exchange(client, "x");
  while (s.said().length === 0) yield* sleep(10);
  assertEquals(s.said()[0], "traffic");
  for (const client of clients) client.close();
});

Deno.test("EchoThreads: what cannot be shared is refused in a line", async () => {
  const { log } = recordingLogger();
  const refused = async (os: string, ...flags: string[]) => {
    await using runtime = Runtime.builder().enableAll().build();
    const opening = () =>
      runtime.blockOn(() => open(optionsFrom("--threads=2", ...flags), log, os));
    return await assertRejects(opening);
  };
  const unix = ["--driver=deno"];
  const error = await refused("darwin", ...unix);
  assert(error instanceof RuntimeFailure && /needs Linux/.test(error.message), `${error}`);
});

Deno.test("EchoThreads: over Deno's sockets a Unix socket is no place for several threads", async () => {
  const { log } = recordingLogger();
  const options = { ...optionsFrom("--threads=2"), unix: "/tmp/nowhere.sock" };
  await using runtime = Runtime.builder().enableAll().build();
  const opening = () => runtime.blockOn(() => open(options, log, "linux"));
  await assertRejects(opening, UsageError, "expected --driver epoll");
});
