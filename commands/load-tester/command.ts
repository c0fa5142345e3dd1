import { command } from "../cli/command.ts";
import { flag, type Options } from "../cli/flag.ts";
import { bool, count, duration, list, text } from "../cli/kind.ts";
import { LOG_NOTE, SHARED_FLAGS } from "../cli/shared_flags.ts";
import { EXIT_GOAL_MISSED } from "./judge/exit_code.ts";
import { goal } from "./judge/goal.ts";
import { extent, many, rate, steps } from "./kinds.ts";

const MODES = "How much";
const REQUESTS = "Requests";
const CONNECTIONS = "Connections";
const RESULTS = "Results";

/** Everything that can be said to the load tester on its command line. */
export const LOAD_TESTER = command({
  name: "load-tester",
  purpose: "measures how an HTTP server answers under load",
  args: { placeholder: "URL", min: 0, max: 100 },
  actions: {
    run: { about: "send requests to URL and report how they were answered" },
    schema: {
      about: "print the JSON schema of what --json prints",
      flags: ["logLevel", "logFormat"],
    },
  },
  defaultAction: "run",
  flags: {
    url: flag(list(text("URL")), {
      letter: "u",
      group: REQUESTS,
      about: "where requests go; several take turns, and are reported one by one as well",
    }),
    urls: flag(text("FILE"), {
      group: REQUESTS,
      about: "a file with a URL on each line; lines that begin with # are passed over",
    }),
    method: flag(text("METHOD"), {
      letter: "m",
      group: REQUESTS,
      about: "GET, or POST when there is a body",
    }),
    header: flag(list(text("'NAME: VALUE'")), {
      letter: "H",
      group: REQUESTS,
      about: "a header field; repeatable",
    }),
    body: flag(text("TEXT", { allowEmpty: true }), {
      letter: "d",
      group: REQUESTS,
      about: "what is sent",
    }),
    bodyFile: flag(text("FILE"), {
      letter: "D",
      group: REQUESTS,
      about: "send what this file holds",
    }),
    redirects: flag(count(), {
      default: 0,
      group: REQUESTS,
      about: "how many redirects are followed; an answer that redirects counts as it is with 0",
    }),
    requests: flag(many(), {
      letter: "n",
      group: MODES,
      about: "how many requests; 100 unless there is a --duration",
    }),
    duration: flag(duration({ min: 1 }), {
      letter: "z",
      group: MODES,
      about: "for how long; what is under way then is cut off, and counted as unfinished",
    }),
    concurrency: flag(many(), {
      default: 10,
      letter: "c",
      group: MODES,
      about: "how many requests are under way at once, each over a connection of its own",
    }),
    rate: flag(rate(), {
      letter: "q",
      group: MODES,
      about: "open: so many requests a second, all together; latency counts from when each is due",
    }),
    steps: flag(steps(), {
      group: MODES,
      about: "open: one rate after the other, reported one by one",
    }),
    findRate: flag(goal(), {
      group: MODES,
      about: "capacity: search for the highest rate that still meets this goal",
    }),
    probe: flag(duration({ min: 100 }), {
      default: 5_000,
      group: MODES,
      about: "how long each rate is tried by --find-rate",
    }),
    ramp: flag(duration(), {
      default: 0,
      group: MODES,
      about: "begin gently: clients one after the other, or the rate from 0 up, over this long",
    }),
    warmup: flag(extent(), {
      group: MODES,
      about: "send so many requests first, or for so long, and leave them out",
    }),
    repeat: flag(many(), {
      default: 1,
      group: MODES,
      about: "do it all so many times, so that --compare knows the noise",
    }),
    threads: flag(count({ min: 1, max: 64 }), {
      default: 1,
      group: MODES,
      about: "how many threads send; the clients are spread over them",
    }),
    timeout: flag(duration({ min: 1 }), {
      default: 20_000,
      letter: "t",
      group: CONNECTIONS,
      about: "how long an answer may take",
    }),
    connectTimeout: flag(duration({ min: 1 }), {
      default: 5_000,
      group: CONNECTIONS,
      about: "how long a connection may take, its handshake included",
    }),
    disableKeepalive: flag(bool(), {
      default: false,
      group: CONNECTIONS,
      about: "a new connection for each request",
    }),
    insecure: flag(bool(), {
      default: false,
      letter: "k",
      group: CONNECTIONS,
      about: "take any certificate",
    }),
    cacert: flag(text("FILE"), {
      group: CONNECTIONS,
      about: "trust the certificates in this file as well",
    }),
    unix: flag(text("PATH"), {
      group: CONNECTIONS,
      about: "connect to this Unix socket instead of the URL's host",
    }),
    resolve: flag(list(text("HOST:PORT:ADDRESS")), {
      group: CONNECTIONS,
      about: "connect to this address for that host and port; repeatable",
    }),
    ipv4: flag(bool(), {
      default: false,
      letter: "4",
      group: CONNECTIONS,
      about: "use only IPv4 addresses of names",
    }),
    ipv6: flag(bool(), {
      default: false,
      letter: "6",
      group: CONNECTIONS,
      about: "use only IPv6 addresses of names",
    }),
    dryRun: flag(bool(), {
      default: false,
      group: RESULTS,
      about: "send one request, show it and its answer, and that is all",
    }),
    expect: flag(list(goal()), {
      group: RESULTS,
      about: "exit with 3 unless the run meets this goal; repeatable",
    }),
    json: flag(bool(), {
      default: false,
      group: RESULTS,
      about: "print the report as JSON and nothing else",
    }),
    csv: flag(text("FILE"), {
      group: RESULTS,
      about: "write a line for each request",
    }),
    html: flag(text("FILE"), {
      group: RESULTS,
      about: "write a page with pictures of the latencies and of the rate over time",
    }),
    compare: flag(text("FILE"), {
      group: RESULTS,
      about: "compare with an earlier --json, and exit with 3 when it was better beyond the noise",
    }),
    ...SHARED_FLAGS,
  },
  conflicts: [
    ["rate", "steps"],
    ["rate", "findRate"],
    ["steps", "findRate"],
    ["steps", "requests"],
    ["steps", "duration"],
    ["steps", "ramp"],
    ["findRate", "requests"],
    ["findRate", "duration"],
    ["findRate", "ramp"],
    ["findRate", "repeat"],
    ["findRate", "csv"],
    ["repeat", "csv"],
    ["findRate", "compare"],
    ["body", "bodyFile"],
    ["ipv4", "ipv6"],
    ["unix", "resolve"],
  ],
  exitCodes: {
    [EXIT_GOAL_MISSED]: "a goal of --expect was missed, or --compare has found a regression",
  },
  examples: [
    { line: "$0 http://127.0.0.1:8080/ -n 1000 -c 50" },
    {
      line: "$0 http://127.0.0.1:8080/ -z 30s -c 50 --rate 2000 --expect 'p99<50ms'",
      about: "2000 a second, whatever the server does; for a CI job",
    },
    {
      line: "$0 http://127.0.0.1:8080/ -c 100 --find-rate 'p99<50ms'",
      about: "how much it can take",
    },
    {
      line: "$0 -m POST -d '{\"id\":{{seq}}}' -H 'Content-Type: application/json' " +
        "http://127.0.0.1:8080/jobs",
    },
  ],
  notes: [
    "Three modes. Closed, unless something else is said: each of the -c clients sends its next " +
    "request when the last was answered, so a slow server is asked less. Open, with --rate or " +
    "--steps: requests are due by the clock, and the latency of one that had to wait counts from " +
    "when it was due. Capacity, with --find-rate.",
    "In URLs, header fields and bodies {{seq}} is the number of the request, {{rand:1..100}} a " +
    "number from a range, and {{line:FILE}} the next line of a file.",
    LOG_NOTE,
  ],
});

export type LoadOptions = Options<typeof LOAD_TESTER.flags>;
