/** The chat server against `nc`, as its users meet it. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { Netcat, ORIGIN, runTool, ServerProcess } from "./tool_process.ts";

const HOST = "127.0.0.1";

/** A chat server on a free port. */
type Start = (...flags: string[]) => ServerProcess;

/** The ways of serving that nobody at a terminal may be able to tell apart. */
const WAYS: readonly (readonly string[])[] = [
  [],
  ["--threads", "2"],
  ["--threads", "2", "--driver", "epoll"],
].slice(0, Deno.build.os === "linux" ? undefined : 1);

function smoke(name: string, body: () => Promise<void>): void {
  Deno.test(`chat-server ${ORIGIN}: ${name}`, body);
}

/** A session that is the same on one thread and on several. */
function session(name: string, body: (start: Start) => Promise<void>): void {
  for (const way of WAYS) {
    const start: Start = (...flags) =>
      new ServerProcess("chat-server", "--port", "0", ...way, ...flags);
    smoke([name, ...way].join(" "), () => body(start));
  }
}

/** Somebody at a terminal, under a name of their own. */
async function person(port: string, name: string): Promise<Netcat> {
  const nc = new Netcat("-N", HOST, port);
  await nc.see("you are in lobby");
  await nc.type(`/nick ${name}\n`);
  await nc.see(`is now ${name}\n`);
  return nc;
}

session("two people talk", async (start) => {
  await using server = start();
  const port = await server.listening();
  const ann = await person(port, "ann");
  const ben = await person(port, "ben");
  await ann.type("hello\n/me waves\n");
  assertStringIncludes(await ben.see("* ann waves\n"), "ann: hello\n");
  await ben.type("/msg ann psst\n/join garden\n");
  await ann.see("-- ben left for garden\n");
  await ben.type("/who\n/history\n/rooms\n/limits\n");
  const seen = await ben.see("disconnected\n");
  assertStringIncludes(seen, "-- 1 in garden\n--   ben: silent for 0s\n");
  assertStringIncludes(seen, "--   lobby: 1\n");
  const [transcript] = await Promise.all([ann.end(), ben.end()]);
  assertStringIncludes(transcript, "[ben -> you] psst\n");
});

session("a script gets all its answers before the end", async (start) => {
  await using server = start();
  const nc = new Netcat("-N", HOST, await server.listening());
  await nc.type("/nick script\n/who\n/topic soup\n/history");
  const seen = await nc.end();
  assertStringIncludes(seen, "-- user-1 is now script\n");
  assertStringIncludes(seen, "-- script set the topic: soup\n-- nothing was said in lobby yet\n");
});

session("what comes in as rubbish goes out clean", async (start) => {
  await using server = start();
  const port = await server.listening();
  const ann = await person(port, "ann");
  const ben = await person(port, "ben");
  await ann.send([0xff, 0xfd, 0x03, 0x63, 0xe9, 0x1b, 0x5b, 0x31, 0x6d, 0x07, 0x0d, 0x0a]);
  await ann.type(`${"x".repeat(5_000)}\n\u202eabc\n`);
  assertStringIncludes(await ben.see("ann: abc\n"), "ann: c\ufffd[1m\n");
  await ann.see("-- your line was not sent: it is longer than 4096 bytes\n");
  await Promise.all([ann.end(), ben.end()]);
});

session("operators keep order, and the log says so", async (start) => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/chat.jsonl`;
  await using server = start("--operator-token", "sesame", "--log", path);
  const port = await server.listening();
  const ann = await person(port, "ann");
  const ben = await person(port, "ben");
  await ann.type("/oper sesame\n/kick ben rude\n/stats\n");
  await ann.see("-- ben left (kicked by ann: rude)\n");
  assertStringIncludes(await ben.end(), "-- you are disconnected: kicked by ann: rude\n");
  await Deno.rename(path, `${path}.1`);
  server.signal("SIGHUP");
  while (!(await exists(path))) await new Promise((resolve) => setTimeout(resolve, 10));
  await ann.end();
  server.signal("SIGTERM");
  assertEquals(await server.exitCode(), 0);
  const lines = (await Deno.readTextFile(`${path}.1`) + await Deno.readTextFile(path)).trimEnd();
  const events = lines.split("\n").map((line) => JSON.parse(line));
  assertEquals(events.map(({ event }) => event), [
    ...["connected", "renamed", "connected", "renamed", "operator"],
    ...["operator command", "disconnected", "operator command", "disconnected"],
  ]);
  assertEquals(lines.includes("sesame"), false);
  await Deno.remove(folder, { recursive: true });
});

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch {
    return false;
  }
}

session(
  "SIGTERM in the middle of traffic: everybody is told, in time, and it ends with 0",
  async (start) => {
    await using server = start("--drain-timeout", "1500ms");
    const port = await server.listening();
    const people = await Promise.all(
      ["ann", "ben", "cleo", "dan"].map((name) => person(port, name)),
    );
    let over = false;
    const talking = people.map(async (nc) => {
      for (let i = 0; !over && i < 100; i++) {
        await nc.type(`line ${i}\n`).catch(() => over = true);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    });
    await people[0].see("line 5\n");
    const before = Date.now();
    server.signal("SIGTERM");
    const goodbye = "-- the server is shutting down: goodbye\n";
    const seen = await Promise.all(people.map((nc) => nc.see(goodbye)));
    over = true;
    await Promise.all(talking);
    for (const text of seen) {
      assertMatch(text, /^-- the server is shutting down in 2s: SIGTERM$/m);
      assert(text.endsWith(goodbye));
    }
    await Promise.all(people.map((nc) => nc.end()));
    assertEquals(await server.exitCode(), 0);
    assert(Date.now() - before < 3_000);
  },
);

session("a second signal ends it at once with 130", async (start) => {
  await using server = start("--drain-timeout", "1h");
  const ann = await person(await server.listening(), "ann");
  server.signal("SIGINT");
  await ann.see("shutting down in 59m 59s");
  server.signal("SIGINT");
  assertEquals(await server.exitCode(), 130);
  await ann.end();
});

smoke("bad flags are one line and exit 2, a taken port one line and exit 1", async () => {
  await using server = new ServerProcess("chat-server", "--port", "0");
  const lines: Record<string, string> = {
    "--threads=0": "expected a whole number from 1 to 256",
    "--inbx=1": "did you mean --inbox?",
    "--slow-reader=wait": "expected drop or disconnect",
  };
  for (const [flag, expected] of Object.entries(lines)) {
    const { code, stdout, stderr } = await runTool("chat-server", flag);
    assertEquals([code, stdout, stderr.trimEnd().split("\n").length], [2, "", 1], flag);
    assertStringIncludes(stderr, expected);
  }
  const { code, stderr } = await runTool("chat-server", "--port", await server.listening());
  assertEquals(code, 1);
  assertMatch(stderr, /^.*Address already in use; .*--port 0\n$/);
});

smoke("listens on a Unix socket", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/chat.sock`;
  await using server = new ServerProcess("chat-server", "--unix", path);
  await server.listening();
  const nc = new Netcat("-NU", path);
  await nc.type("/whois user-1\n");
  assertStringIncludes(await nc.end(), "-- user-1: in lobby");
  server.signal("SIGTERM");
  assertEquals(await server.exitCode(), 0);
  await Deno.remove(folder);
});

for (const way of WAYS) {
  smoke(["test checks itself and ends with 0", ...way].join(" "), () => checksItself(way));
}

async function checksItself(way: readonly string[]): Promise<void> {
  const { code, stdout } = await runTool("chat-server", "test", ...way);
  assertEquals(code, 0);
  assertMatch(
    stdout,
    /^ok {4}100 clients × 10 messages: .* 990 .*\n100 clients × 10 messages: \d+ms\n$/,
  );
}

Deno.test({
  name: "deno task chat: serves and logs with the permissions that the task has",
  ignore: ORIGIN !== "from source",
  fn: async () => {
    const folder = await Deno.makeTempDir({ dir: "/tmp" });
    const log = `${folder}/chat.jsonl`;
    await using server = new ServerProcess("task chat", "--", "--port", "0", "--log", log);
    const nc = new Netcat("-N", HOST, await server.listening());
    await nc.type("hello\n/whois user-1\n");
    assertStringIncludes(await nc.end(), "-- user-1: in lobby");
    server.signal("SIGTERM");
    await server.exitCode();
    assertMatch(await Deno.readTextFile(log), /"event":"message".*"room":"lobby"}$/m);
    await Deno.remove(folder, { recursive: true });
  },
});
