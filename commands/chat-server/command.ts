import { command } from "../cli/command.ts";
import { flag, type Options } from "../cli/flag.ts";
import { bool, choice, count, duration, size, text } from "../cli/kind.ts";
import { LISTENING_CONFLICTS, LISTENING_FLAGS } from "../cli/listening_flags.ts";
import { LOG_NOTE, SHARED_FLAGS, THREADS_FLAG } from "../cli/shared_flags.ts";
import { USUAL_CONNECT_RATE, USUAL_PER_ADDRESS } from "./gate.ts";

const SHORTEST_LINE = 64;
const LONGEST_LINE = 1024 * 1024;
const MAX_LINE = 4 * 1024;

/** Everything that can be said to the chat server on its command line. */
export const CHAT_SERVER = command({
  name: "chat-server",
  purpose: "rooms, names and private messages for nc and telnet",
  actions: {
    run: { about: "start the server" },
    test: {
      about: "start one on a free port, let 100 clients send 10 messages each, count what they get",
      flags: ["threads", "driver", "logLevel", "logFormat"],
    },
  },
  defaultAction: "run",
  flags: {
    ...LISTENING_FLAGS,
    maxLine: flag(size({ min: SHORTEST_LINE, max: LONGEST_LINE }), {
      default: MAX_LINE,
      group: "What a client may do",
      about: "how long a line may be; a longer one is refused with a notice",
    }),
    rate: flag(count({ min: 1 }), {
      default: 10,
      group: "What a client may do",
      about: "messages a second; whoever sends more has to wait, and is told",
    }),
    burst: flag(count({ min: 1 }), {
      default: 20,
      group: "What a client may do",
      about: "messages at once, after a silence",
    }),
    inbox: flag(count({ min: 1 }), {
      default: 256,
      group: "What a client may do",
      about: "lines that may wait for a slow reader",
    }),
    slowReader: flag(choice("drop", "disconnect"), {
      default: "drop",
      group: "What a client may do",
      about: "when that is full: lines are dropped and counted, or the client is disconnected",
    }),
    idleTimeout: flag(duration({ off: true }), {
      default: 600_000,
      group: "What a client may do",
      about: "a client that says nothing for this long is disconnected; 0 turns it off",
    }),
    maxClients: flag(count({ min: 1 }), {
      default: 10_000,
      group: "Who may connect",
      about: "how many clients at once; a further one is told, and closed",
    }),
    maxSilent: flag(count(), {
      default: 8_000,
      group: "Who may connect",
      about: "how many of them may have said nothing yet; 0 for no limit",
    }),
    maxPerAddress: flag(count(), {
      group: "Who may connect",
      about: `connections from one address, 0 for no limit; unless given, ${USUAL_PER_ADDRESS}, ` +
        "and no limit for this machine",
    }),
    connectRate: flag(count(), {
      group: "Who may connect",
      about: "new connections a second from one address, 0 for no limit; unless given, " +
        `${USUAL_CONNECT_RATE}, and no limit for this machine`,
    }),
    operatorToken: flag(text("TOKEN"), {
      group: "Operators",
      about: "who says /oper TOKEN may kick, mute, ban, announce and shut down; better given as " +
        "WAKEFUL_CHAT_SERVER_OPERATOR_TOKEN, which no list of processes shows",
    }),
    log: flag(text("FILE"), {
      group: "Operators",
      about: "write what happens to this file as JSON lines; SIGHUP opens it again",
    }),
    logText: flag(bool(), {
      default: false,
      group: "Operators",
      about: "write what people say there as well",
    }),
    stats: flag(bool(), {
      default: false,
      group: "Operators",
      about: "a line a second on stderr: people, rooms, messages, lines delivered and dropped",
    }),
    drainTimeout: flag(duration(), {
      default: 5_000,
      group: "Running",
      about: "how long everyone has after SIGINT or SIGTERM, with a countdown",
    }),
    ...THREADS_FLAG,
    ...SHARED_FLAGS,
  },
  conflicts: LISTENING_CONFLICTS,
  examples: [
    { line: "$0", about: "then, elsewhere: nc 127.0.0.1 8080" },
    { line: "$0 --host 0.0.0.0 --port 4000 --log chat.jsonl --stats" },
    { line: "$0 --driver epoll --threads 4", about: "all clients over four threads, one chat" },
    { line: "$0 --unix /tmp/chat.sock", about: "then: nc -U /tmp/chat.sock" },
    { line: "$0 test", about: "exits with 0 when everybody got everything" },
  ],
  notes: [LOG_NOTE],
});

export type ChatOptions = Options<typeof CHAT_SERVER.flags>;
