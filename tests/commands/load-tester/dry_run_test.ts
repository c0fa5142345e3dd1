import type { HttpHandler } from "wakeful/net";
import { type Co, sleep, type Spawnable } from "wakeful/runtime";
import { simulate } from "wakeful/testing";
import { RuntimeFailure } from "../../../commands/cli/errors.ts";
import { dryRun } from "../../../commands/load-tester/dry_run.ts";
import type { Setup } from "../../../commands/load-tester/load/setup.ts";
import { assertEquals, assertInstanceOf } from "../../support/assert.ts";
import { bytes } from "../../support/bytes.ts";
import { FakeTerminal } from "../../support/fake_terminal.ts";
import { GET, serving, SETUP, treating } from "./rig.ts";

/** What is shown of one request to such a server. */
async function shown(handler: HttpHandler, setup: Partial<Setup> = {}): Promise<string[]> {
  const terminal = new FakeTerminal();
  const { value } = await simulate({ seed: 1 }, function* (world) {
    world.host("server", serving(handler));
    const client = world.host("client", function* () {
      yield* sleep(1_000);
      return yield* dryRun({ ...SETUP, ...setup }, terminal);
    });
    return yield* client.outcome();
  });
  assertEquals(value, 0);
  return terminal.stdout.filter((line) => !line.startsWith("< Date:"));
}

Deno.test("dry run: the request and its answer, as they went over the connection", async () => {
  const lines = await shown(function* () {
    return { status: 404, fields: { "X-A": "1" }, body: "not\r\nhere" };
  }, { shape: { ...GET, method: "POST", body: bytes("n={{seq}}") } });
  assertEquals(lines, [
    "> POST / HTTP/1.1",
    "> Host: server",
    "> User-Agent: wakeful-load-tester",
    "> Content-Length: 3",
    ">",
    "> n=1",
    "< HTTP/1.1 404 Not Found",
    "< X-A: 1",
    "< Content-Length: 9",
    "<",
    "< not",
    "< here",
  ]);
});

Deno.test("dry run: what is no text, or too much of it, is told by its size", async () => {
  const binary = function* () {
    return { body: new Uint8Array([0, 1, 2]) };
  };
  assertEquals((await shown(binary)).at(-1), "< (3 B, no text)");
  const commands = function* () {
    return { body: "\u009b2J" };
  };
  assertEquals((await shown(commands)).at(-1), "< (4 B, no text)");
  const large = await shown(function* () {
    return { body: "a".repeat(5_096) };
  });
  assertEquals(large.slice(-2), [`< ${"a".repeat(4_096)}`, "< (1 KB more)"]);
});

Deno.test("dry run: what goes wrong is one line", async () => {
  const failure = async (
    setup: Partial<Setup>,
    server: () => Spawnable<void> = serving(() => sleep(10_000) as never),
  ) => {
    const { value } = await simulate({ seed: 1 }, function* (world) {
      world.host("server", server);
      const client = world.host("client", function* (): Co<unknown> {
        yield* sleep(1_000);
        try {
          return yield* dryRun({ ...SETUP, timeout: 500, ...setup }, new FakeTerminal());
        } catch (error) {
          return error;
        }
      });
      return yield* client.outcome();
    });
    assertInstanceOf(value, RuntimeFailure);
    return value.message;
  };
  assertEquals(
    await failure({ urls: ["http://server:81/"] }),
    "connect to server:81: connection refused",
  );
  assertEquals(await failure({}), "Timed out after 500 ms of waiting for an answer");
  const rude = treating(function* (stream) {
    stream.consume((yield* stream.fill()).length);
  });
  assertEquals(
    await failure({}, rude),
    "The request failed: the server closed the connection without an answer",
  );
});
