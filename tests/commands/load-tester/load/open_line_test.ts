import { type Co, sleep } from "wakeful/runtime";
import { simulate } from "wakeful/testing";
import { dial, openLine } from "../../../../commands/load-tester/load/open_line.ts";
import { RequestError } from "../../../../commands/load-tester/measure/failure_class.ts";
import { Routes } from "../../../../commands/load-tester/target/route.ts";
import { readWebAddress } from "../../../../commands/load-tester/target/web_address.ts";
import { assert, assertEquals, assertInstanceOf } from "../../../support/assert.ts";
import { serving, SETUP } from "../rig.ts";

/** What comes of a connection to such a URL; the way there takes 20 ms, once. */
async function opened(url: string, connectTimeout = 1_000) {
  const { value } = await simulate({ seed: 1 }, function* (world) {
    world.host(
      "server",
      serving(function* () {
        return {};
      }),
    );
    const client = world.host("client", function* (): Co<unknown> {
      yield* sleep(1_000);
      const origin = new Routes().to(readWebAddress(url));
      try {
        const { line, ...times } = yield* openLine(origin, { ...SETUP, connectTimeout });
        line.close();
        return times;
      } catch (error) {
        assertInstanceOf(error, RequestError);
        return error.failure;
      }
    });
    world.link("client", "server", { latency: 20 });
    return yield* client.outcome();
  });
  return value;
}

Deno.test("open line: how long connecting took, and no handshake where there is none", async () => {
  const times = await opened("http://server/") as { connectMs: number; tlsMs?: number };
  assert(times.connectMs >= 40 && times.connectMs < 42, `${times.connectMs}`);
  assertEquals(times.tlsMs, undefined);
});

Deno.test("open line: what goes wrong has its class", async () => {
  assertEquals(await opened("http://server:81/"), "refused");
  assertEquals(await opened("http://nobody.invalid/"), "DNS");
  assertEquals(await opened("http://server/", 30), "connect timeout");
});

Deno.test("open line: a Unix socket that is not there is refused as well", async () => {
  const { value } = await simulate({ seed: 1 }, function* (world) {
    const client = world.host("client", function* (): Co<unknown> {
      const origin = new Routes({ unix: "/no/socket" }).to(readWebAddress("http://a/"));
      try {
        return yield* dial(origin, SETUP);
      } catch (error) {
        return error;
      }
    });
    return yield* client.outcome();
  });
  assertInstanceOf(value, RequestError);
  assertEquals(value.failure, "refused");
});
