import { command } from "../cli/command.ts";
import { flag } from "../cli/flag.ts";
import { bool, choice, count, duration } from "../cli/kind.ts";
import { LISTENING_CONFLICTS, LISTENING_FLAGS } from "../cli/listening_flags.ts";
import { LOG_NOTE, SHARED_FLAGS, THREADS_FLAG } from "../cli/shared_flags.ts";
import type { Options } from "../cli/flag.ts";

/** Everything that can be said to the echo server on its command line. */
export const ECHO_SERVER = command({
  name: "echo-server",
  purpose: "sends every byte it receives back to the client it came from",
  actions: {
    run: { about: "start the server" },
    test: {
      about: "start one on a free port, talk to it and tell what works",
      flags: ["threads", "driver", "logLevel", "logFormat"],
    },
  },
  defaultAction: "run",
  flags: {
    ...LISTENING_FLAGS,
    idleTimeout: flag(duration({ off: true }), {
      default: 10_000,
      group: "Limits",
      about: "a client that sends nothing for this long is disconnected; 0 turns it off",
    }),
    writeTimeout: flag(duration({ off: true }), {
      default: 60_000,
      group: "Limits",
      about: "a client that takes none of its echo for this long is disconnected; 0 turns it off",
    }),
    maxConnections: flag(count({ min: 1 }), {
      default: 10_000,
      group: "Limits",
      about: "how many clients are served at once",
    }),
    overflow: flag(choice("wait", "refuse"), {
      default: "wait",
      group: "Limits",
      about: "what happens to a client above that: it waits in the backlog, or is closed at once",
    }),
    drainTimeout: flag(duration(), {
      default: 5_000,
      group: "Limits",
      about: "how long clients may finish after SIGINT or SIGTERM",
    }),
    statusInterval: flag(duration({ off: true }), {
      default: 0,
      group: "Running",
      about: "how often each client is told how many there are; 0 for never",
    }),
    stats: flag(bool(), {
      default: false,
      group: "Running",
      about: "a line a second on stderr: connections, bytes in and out",
    }),
    ...THREADS_FLAG,
    ...SHARED_FLAGS,
  },
  conflicts: LISTENING_CONFLICTS,
  examples: [
    { line: "$0", about: "then, elsewhere: echo hello | nc -N 127.0.0.1 8080" },
    { line: "$0 --port 0 --idle-timeout 1m --stats" },
    { line: "$0 --driver epoll --threads 4", about: "all clients over four threads" },
    { line: "$0 --unix /tmp/echo.sock", about: "then: echo hello | nc -NU /tmp/echo.sock" },
    { line: "$0 test", about: "exits with 0 when everything works" },
  ],
  notes: [LOG_NOTE],
});

export type EchoOptions = Options<typeof ECHO_SERVER.flags>;
