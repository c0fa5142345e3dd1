/** Threads, from source and compiled: a program that uses them, and the echo server on several. */

import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { exchange } from "../support/deno_client.ts";
import { openDescriptors } from "./soak/census.ts";
import { Netcat, ORIGIN, runProgram, runTool, ServerProcess } from "./tool_process.ts";

const ON_LINUX = { ignore: Deno.build.os !== "linux" };

Deno.test(`threads: a runtime's own, a pool, and one with a runtime, ${ORIGIN}`, async () => {
  const { code, stdout, stderr } = await runProgram("threads");
  assertEquals([code, stderr], [0, ""]);
  assertEquals(stdout, "spawnBlocking: 6765\nWorkStealingPool: 55,89,144\nThread: 42, alone\n");
});

for (const driver of ["deno", "epoll"] as const) {
  const on = ["--threads", "2", "--driver", driver];

  Deno.test({
    name: `echo-server: the self test on two threads over ${driver}, ${ORIGIN}`,
    ...ON_LINUX,
    async fn() {
      const { code, stdout, stderr } = await runTool("echo-server", "test", ...on);
      assertEquals(code, 0, stdout + stderr);
      assertMatch(stdout, /everything works\n$/);
    },
  });

  Deno.test({
    name: `echo-server: two threads serve nc and drain at SIGTERM over ${driver}, ${ORIGIN}`,
    ...ON_LINUX,
    async fn() {
      await using server = new ServerProcess("echo-server", "--port", "0", ...on);
      const port = await server.listening();
      const sessions = Array.from({ length: 4 }, () => new Netcat("-N", "127.0.0.1", port));
      for (const [i, session] of sessions.entries()) await session.type(`hello ${i}\n`);
      for (const [i, session] of sessions.entries()) await session.see(`hello ${i}\n`);
      server.signal("SIGTERM");
      await server.says(/no new clients; 4 clients may finish within 5s/);
      for (const [i, session] of sessions.entries()) {
        await session.type("bye\n");
        assertEquals(await session.end(), `hello ${i}\nbye\n`);
      }
      assertEquals(await server.exitCode(), 0);
    },
  });

  Deno.test({
    name: `echo-server: two threads have both some of many clients over ${driver}, ${ORIGIN}`,
    ...ON_LINUX,
    async fn() {
      await using server = new ServerProcess("echo-server", "--port", "0", ...on);
      const port = Number(await server.listening());
      const before = openDescriptors(server.pid);
      const talks = Array.from({ length: 500 }, async (_, i) => {
        const client = await Deno.connect({ port });
        return await exchange(client, `client ${i}`) === `client ${i}`;
      });
      assert((await Promise.all(talks)).every(Boolean));
      const left = () => openDescriptors(server.pid) - before;
      for (let i = 0; i < 100 && left() > 2; i++) await new Promise((go) => setTimeout(go, 50));
      assert(left() <= 2, `${left()} descriptors`); // Deno opens a pair of its own at some time
    },
  });
}

Deno.test(`echo-server: threads that cannot be had are one line, ${ORIGIN}`, async () => {
  const { code, stderr } = await runTool("echo-server", "--threads=2", "--unix=/tmp/nowhere.sock");
  assertEquals([code, stderr.split("\n").length], [2, 2]);
  assertMatch(stderr, /--threads with --unix: expected --driver epoll/);
});
