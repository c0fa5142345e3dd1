/**
 * The chat server as it is, in simulated worlds: thirty who chat in three rooms, rename themselves,
 * kick each other, stop reading, and whose connections break; and then it is told to end.
 */

import { type Co, Filter, joinAll, json, lines, Logger, timeout, Tracer } from "wakeful/runtime";
import { simulate, type World } from "wakeful/testing";
import { parse } from "../../../commands/cli/parse.ts";
import { CHAT_SERVER, type ChatOptions } from "../../../commands/chat-server/command.ts";
import { run } from "../../../commands/chat-server/run.ts";
import { assert, assertEquals } from "../../support/assert.ts";
import { FakeTerminal } from "../../support/fake_terminal.ts";
import { Audit, type Transcript } from "./audit.ts";
import { type Chatter, keepChatting } from "./chatter.ts";

const PORT = 4000;
const LOG = "chat.jsonl";
const ARGV = `--host 0.0.0.0 --port ${PORT} --log ${LOG} --log-text --operator-token sesame`;
const PEOPLE = 30;
const EARLIEST_END_MS = 2_000;
const LATEST_END_MS = 12_000;
/** All that anybody waits for is shorter. */
const ALL_GONE_MS = 120_000;
const NO_CLOCK = { now: () => 0, wall: () => 0 };
const SEEDS = 3;

interface Outcome {
  readonly messages: number;
  readonly missed: number;
}

/** `chat-server run` with its command line; what it says and writes is on the terminal. */
function* chatServer(argv: string, terminal: FakeTerminal): Co<number> {
  const parsed = parse(CHAT_SERVER, argv.split(" "), () => undefined);
  if (!("options" in parsed)) throw new Error(`No options in ${argv}`);
  const options: ChatOptions = parsed.options;
  const layer = lines(json, (line) => terminal.err(line));
  const tracer = new Tracer({ clock: NO_CLOCK, filter: new Filter("info"), layers: [layer] });
  return yield* run(options, { terminal, log: new Logger("chat-server", tracer), args: [] });
}

function* chatWorld(world: World): Co<Outcome> {
  const terminal = new FakeTerminal();
  const inbox = world.random.pick([5, 20, 256]);
  const policy = world.random.pick(["drop", "drop", "disconnect"]);
  const argv = `${ARGV} --inbox ${inbox} --slow-reader ${policy}`;
  const server = world.host("server", () => chatServer(argv, terminal));
  const transcripts: Transcript[] = [];
  const end = world.random.between(EARLIEST_END_MS, LATEST_END_MS);
  let [last, over] = [0, false];
  const chatter: Chatter = {
    to: { host: "server", port: PORT },
    transcripts,
    nextMessage: () => ++last,
    over: () => over,
  };
  const names = Array.from({ length: PEOPLE }, (_, i) => `person-${i + 1}`);
  const people = names.map((name) => world.host(name, () => keepChatting(chatter)));
  world.at(end, () => {
    over = true;
    server.signal("SIGTERM");
  });
  yield* world.chaos({
    hosts: names,
    links: names.map((name) => ["server", name] as const),
    kinds: ["partition", "one-way", "bad-link", "crash", "pause"],
    every: [50, 600],
    until: LATEST_END_MS + 6_000,
  });
  assertEquals(yield* timeout(ALL_GONE_MS, server.outcome()), 0);
  yield* timeout(ALL_GONE_MS, joinAll(people.map((person) => person.join())));
  checkLedger(terminal);
  const audit = new Audit(terminal.files.get(LOG)!);
  const missed = transcripts.reduce((sum, transcript) => sum + audit.check(transcript).missed, 0);
  return { messages: audit.messages, missed };
}

/** Every line was delivered, dropped with a notice, or its recipient was gone. */
function checkLedger({ stderr }: FakeTerminal): void {
  const { told, delivered, dropped, gone } = JSON.parse(stderr.at(-1)!);
  assertEquals(delivered + dropped + gone, told);
  assert(told > 0);
}

Deno.test("simulated: whatever happens, every message is accounted for, in one order", async () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { value } = await simulate({ seed, limit: 600_000 }, chatWorld);
    assert(value.messages > 0, `seed ${seed}`);
  }
});
