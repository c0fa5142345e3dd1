/** A table with one flag of every kind and shape, for the tests of what is derived from tables. */
import { command } from "../../../commands/cli/command.ts";
import { flag } from "../../../commands/cli/flag.ts";
import {
  bool,
  choice,
  count,
  duration,
  list,
  port,
  size,
  text,
} from "../../../commands/cli/kind.ts";
import { Spelling } from "../../../commands/cli/spelling.ts";

const LISTENING = "Listening";
const LIMITS = "Limits";
const RUNNING = "Running";

export const FERRY = command({
  name: "ferry-server",
  purpose: "carries bytes from one side to the other",
  actions: {
    run: { about: "start the server" },
    test: { about: "start it and talk to it", flags: ["driver"] },
    check: { about: "look at the system and say what is missing", flags: [] },
  },
  defaultAction: "run",
  flags: {
    host: flag(text("ADDRESS"), {
      default: "127.0.0.1",
      group: LISTENING,
      about: "address to listen on",
    }),
    port: flag(port(), {
      default: 8080,
      group: LISTENING,
      letter: "p",
      about: "port to listen on; 0 picks a free one",
    }),
    unix: flag(text("PATH"), { group: LISTENING, about: "listen on this Unix socket instead" }),
    maxClients: flag(count({ min: 1 }), {
      default: 10_000,
      group: LIMITS,
      letter: "n",
      about: "clients served at once",
    }),
    idleTimeout: flag(duration({ off: true }), {
      default: 10_000,
      group: LIMITS,
      letter: "t",
      about: "a client that sends nothing for this long is disconnected",
    }),
    buffer: flag(size(), { default: 65536, group: LIMITS, about: "bytes read at a time" }),
    overflow: flag(choice("wait", "refuse"), {
      default: "wait",
      group: LIMITS,
      about: "what happens to a client above the limit",
    }),
    stats: flag(bool(), { default: false, group: RUNNING, letter: "s", about: "print traffic" }),
    keepAlive: flag(bool(), {
      default: true,
      group: RUNNING,
      letter: "k",
      about: "probe idle clients",
    }),
    tag: flag(list(text("TAG")), { default: [], group: RUNNING, about: "a word for the log" }),
    driver: flag(choice("deno", "epoll"), {
      default: "deno",
      group: RUNNING,
      about: "which I/O driver feeds the reactor",
    }),
    token: flag(text("SECRET"), { env: false, group: RUNNING, about: "asked of every client" }),
    chaos: flag(bool(), { default: false, hidden: true, about: "fail at random" }),
  },
  conflicts: [["unix", "host"], ["unix", "port"]],
  examples: [
    { line: "$0 --port 0", about: "listen on a free port" },
    { line: "echo hi | nc -N 127.0.0.1 8080" },
    { line: "$0 test --driver epoll" },
  ],
  exitCodes: { 3: "a check found something missing" },
  notes: ["Clients of $0 may close their sending side and still get the rest."],
});

export const FERRY_SPELLING = new Spelling(FERRY.flags);

/** An environment without variables. */
export const NO_VARIABLES = (): undefined => undefined;

/** An environment with these variables. */
export function variables(values: Record<string, string>): (name: string) => string | undefined {
  return (name) => values[name];
}
