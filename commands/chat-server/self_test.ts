import {
  Barrier,
  type Co,
  End,
  now,
  type Scope,
  scope,
  spawn,
  type TcpAddress,
  TimedOut,
  timeout,
} from "../../runtime/mod.ts";
import { BufReader, TcpStream } from "../../net/mod.ts";
import { EXIT_FAILURE, EXIT_OK } from "../cli/errors.ts";
import type { Surroundings } from "../cli/tool.ts";
import type { ChatOptions } from "./command.ts";
import { Journal } from "./journal.ts";
import { open } from "./open.ts";

const CLIENTS = 100;
const MESSAGES = 10;
const LIMIT_MS = 30_000;
const MESSAGE = /^user-(\d+): message (\d+)$/;
const GREETING = /you are user-(\d+);/;

/** What one client has seen: who said which of their messages, in order. */
interface Seen {
  readonly name: string;
  readonly messages: string[];
}

/** `chat-server test`: a hundred clients over TCP, each gets exactly what the others have sent. */
export function* selfTest(options: ChatOptions, { terminal, log }: Surroundings): Co<number> {
  using journal = new Journal();
  const local = { ...options, host: "127.0.0.1", port: 0, unix: undefined };
  using service = yield* open(local, { log, journal }, terminal.os);
  using _serving = spawn(() => service.serve()).abortOnDrop();
  const { port } = service.localAddr as TcpAddress;
  const what = `${CLIENTS} clients × ${MESSAGES} messages`;
  const begin = now();
  try {
    const seen = yield* timeout(LIMIT_MS, talk(port));
    const took = Math.round(now() - begin);
    check(seen);
    terminal.out(
      `ok    ${what}: each got exactly the ${othersMessages()} of the others, in one order`,
    );
    terminal.out(`${what}: ${took}ms`);
    return EXIT_OK;
  } catch (error) {
    const late = error instanceof TimedOut;
    const why = late ? "some lines never came" : error instanceof Error ? error.message : error;
    terminal.out(`FAIL  ${what}: ${why}`);
    return EXIT_FAILURE;
  }
}

function othersMessages(): number {
  return (CLIENTS - 1) * MESSAGES;
}

function* talk(port: number): Co<Seen[]> {
  const allHere = new Barrier(CLIENTS);
  return yield* scope(function* (s: Scope) {
    const clients = Array.from(
      { length: CLIENTS },
      () => s.spawn(() => oneClient(port, allHere)),
    );
    const seen: Seen[] = [];
    for (const client of clients) seen.push(yield* client);
    return seen;
  });
}

/** Connects, waits for the others, says its messages, hears those of the others. */
function* oneClient(port: number, allHere: Barrier): Co<Seen> {
  using stream = yield* TcpStream.connect({ port });
  const lines = new BufReader(stream);
  const [, number] = yield* lineLike(lines, GREETING);
  yield* lineLike(lines, /you are in lobby/);
  yield* allHere.wait();
  const said = Array.from({ length: MESSAGES }, (_, i) => `message ${i + 1}\n`);
  yield* stream.writeAll(new TextEncoder().encode(said.join("")));
  const messages: string[] = [];
  while (messages.length < othersMessages()) {
    const [, from, which] = yield* lineLike(lines, MESSAGE);
    messages.push(`${from} ${which}`);
  }
  return { name: number, messages };
}

/** The next line that looks like this; others are passed over, but not those that lose some. */
function* lineLike(lines: BufReader, pattern: RegExp): Co<RegExpExecArray> {
  for (;;) {
    const line = yield* lines.readLine();
    if (line === End) throw new Error("the server closed a connection");
    if (line.includes("you missed")) throw new Error(line);
    const match = pattern.exec(line);
    if (match !== null) return match;
  }
}

/** @throws when somebody got something else, or in another order */
function check(seen: readonly Seen[]): void {
  for (const { name, messages } of seen) {
    if (new Set(messages).size !== messages.length) throw new Error(`user-${name} got one twice`);
    const last = new Map<string, number>();
    for (const message of messages) {
      const [from, which] = message.split(" ");
      if (from === name) throw new Error(`user-${name} got its own message`);
      if (Number(which) !== (last.get(from) ?? 0) + 1) {
        throw new Error(`user-${name} got ${message} out of order`);
      }
      last.set(from, Number(which));
    }
  }
  for (const one of seen) checkOneOrder(one, seen[0]);
}

/** What two have both seen, they have seen in the same order. */
function checkOneOrder(one: Seen, other: Seen): void {
  const common = ({ messages }: Seen) =>
    messages.filter((message) => {
      const [from] = message.split(" ");
      return from !== one.name && from !== other.name;
    }).join();
  if (common(one) !== common(other)) {
    throw new Error(`user-${one.name} and user-${other.name} saw different orders`);
  }
}
