import { command } from "../../../commands/cli/command.ts";
import { renderHelp } from "../../../commands/cli/help.ts";
import { assert, assertEquals, assertFalse, assertStringIncludes } from "../../support/assert.ts";
import { FERRY } from "./example_table.ts";

const PAGE = `\
wakeful ferry-server: carries bytes from one side to the other

Usage:
  wakeful ferry-server [run] [flags]
  wakeful ferry-server test [--driver deno|epoll]
  wakeful ferry-server check

Actions:
  run    start the server (default)
  test   start it and talk to it
  check  look at the system and say what is missing

Listening:
      --host ADDRESS           [127.0.0.1]  address to listen on
  -p, --port PORT              [8080]       port to listen on; 0 picks a free
                                            one
      --unix PATH                           listen on this Unix socket instead

Limits:
  -n, --max-clients N          [10000]      clients served at once
  -t, --idle-timeout DURATION  [10s]        a client that sends nothing for this
                                            long is disconnected
      --buffer SIZE            [64k]        bytes read at a time
      --overflow wait|refuse   [wait]       what happens to a client above the
                                            limit

Running:
  -s, --stats                  [off]        print traffic
  -k, --[no-]keep-alive        [on]         probe idle clients
      --tag TAG                             a word for the log (repeatable)
      --driver deno|epoll      [deno]       which I/O driver feeds the reactor
      --token SECRET                        asked of every client

Help:
  -h, --help                                print this page; after an action,
                                            one about it
      --version                             print the version

Values:
  DURATION  such as 500ms, 10s, 2m or 1h
  SIZE      bytes, such as 512, 64k, 1.5m or 1g

Environment:
  Every flag except --token may also be set as WAKEFUL_FERRY_SERVER_<FLAG>, for
  example WAKEFUL_FERRY_SERVER_HOST; the command line wins.

Examples:
  wakeful ferry-server --port 0
      listen on a free port
  echo hi | nc -N 127.0.0.1 8080
  wakeful ferry-server test --driver epoll

Exit codes:
  0    done, or drained after SIGINT or SIGTERM
  1    failed while running
  2    a flag, a value or an argument was wrong
  3    a check found something missing
  130  ended at once by a second SIGINT or SIGTERM

Notes:
  Clients of wakeful ferry-server may close their sending side and still get the
  rest.
`;

Deno.test("renderHelp sets the whole page from the table", () => {
  assertEquals(renderHelp(FERRY, { program: "wakeful ferry-server" }), PAGE);
});

Deno.test("renderHelp about one action leaves out what means nothing to it", () => {
  const page = renderHelp(FERRY, { program: "ferry", action: "test" });
  assertEquals(page.split("\n\n").slice(0, 3), [
    "ferry test: start it and talk to it",
    "Usage:\n  ferry test [--driver deno|epoll]",
    "Running:\n  --driver deno|epoll  [deno]  which I/O driver feeds the reactor",
  ]);
  assertStringIncludes(page, "  WAKEFUL_FERRY_SERVER_DRIVER; the command line wins.");
  assertStringIncludes(page, "Examples:\n  ferry test --driver epoll\n\n");
  assertFalse(/Actions:|Values:|--port/.test(page));
});

Deno.test("renderHelp about the default action has the examples that name no action", () => {
  const page = renderHelp(FERRY, { program: "ferry", action: "run" });
  assertStringIncludes(page, "  ferry --port 0\n      listen on a free port\n  echo hi | nc");
  assertFalse(page.includes("ferry test"));
});

Deno.test("renderHelp stays within the width and holds that between 80 and 100 columns", () => {
  const wordy = { ...FERRY, purpose: `${FERRY.purpose}, `.repeat(5) };
  const widest = (width: number) =>
    Math.max(...renderHelp(wordy, { width }).split("\n").map((line) => line.length));
  assert(widest(10) <= 80);
  assert(widest(1000) <= 100 && widest(1000) > 80);
  assertEquals(renderHelp(FERRY, { width: 10 }), renderHelp(FERRY, { width: 80 }));
});

Deno.test("renderHelp never mentions hidden flags", () => {
  assertFalse(PAGE.includes("chaos"));
});

Deno.test("renderHelp leaves out sections that have nothing to say", () => {
  const plain = command({ name: "plain", purpose: "does nothing", flags: {} });
  const titles = renderHelp(plain).match(/^\S.*:$/gm);
  assertEquals(titles, ["Usage:", "Help:", "Exit codes:"]);
  assertStringIncludes(renderHelp(plain), "  -h, --help");
});

Deno.test("renderHelp shows how many arguments a command takes", () => {
  const usage = (min: number, max: number) => {
    const args = { placeholder: "URL", min, max };
    return renderHelp(command({ name: "get", purpose: "gets", flags: {}, args })).split("\n")[3];
  };
  assertEquals(usage(1, 1), "  get [flags] URL");
  assertEquals(usage(0, 1), "  get [flags] [URL]");
  assertEquals(usage(1, 5), "  get [flags] URL...");
});

Deno.test("renderHelp shows what each action takes", () => {
  const end = { about: "end it", args: { placeholder: "ID", max: 1 } };
  const table = command({
    ...{ name: "ferry", purpose: "ferries", flags: {} },
    actions: { serve: { about: "serve" }, end },
  });
  const [serve, other] = renderHelp(table).split("\n").slice(3);
  assertEquals([serve.trim(), other.trim()], ["ferry serve [flags]", "ferry end [flags] [ID]"]);
});

Deno.test("renderHelp passes headings, and nothing else, through the style", () => {
  const page = renderHelp(FERRY, { program: "wakeful ferry-server", heading: (it) => `<${it}>` });
  assertEquals(page.replace(/^<(.*)>$/gm, "$1"), PAGE);
  assertEquals(page.match(/^<.*>$/gm)?.length, 11);
});
