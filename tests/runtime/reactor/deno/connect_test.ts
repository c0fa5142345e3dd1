import { Closed, IoError, WouldBlock } from "wakeful/runtime";
import {
  assertEquals,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "../../../support/assert.ts";
import { RealReactor } from "../../../support/real_reactor.ts";

Deno.test("DenoConnect: blocks until it is connected, then gives its stream once", async () => {
  const real = new RealReactor();
  const attempt = real.reactor.connect(real.listener.localAddr);
  assertStrictEquals(attempt.tryConnect(), WouldBlock);
  const client = await real.connected(attempt);
  assertThrows(() => attempt.tryConnect(), Closed, "the connection attempt");
  const server = await real.accept();
  real.close(client, server);
  assertEquals(real.reactor.size, 0);
});

Deno.test("DenoConnect: a refused one says so, and frees its token when closed", async () => {
  const real = new RealReactor();
  const { localAddr } = real.listener;
  real.listener.close();
  const attempt = real.reactor.connect(localAddr);
  const error = await assertRejects(
    () => real.connected(attempt),
    IoError,
    "connect to 127.0.0.1:",
  );
  assertEquals(error.kind, "connection-refused");
  attempt.close();
  real.close();
  assertEquals(real.reactor.size, 0);
});

Deno.test("DenoConnect: a missing Unix socket is not found", async () => {
  const real = new RealReactor();
  const attempt = real.reactor.connect({ transport: "unix", path: "/nowhere/socket" });
  const error = await assertRejects(() => real.connected(attempt), IoError, "unix:/nowhere/socket");
  assertEquals(error.kind, "not-found");
  attempt.close();
  real.close();
});

Deno.test("DenoConnect: abandoned on its way, it is closed when it arrives", async () => {
  const real = new RealReactor();
  const attempt = real.reactor.connect(real.listener.localAddr);
  attempt.close();
  attempt.close();
  const server = await real.accept();
  assertEquals(await real.readAll(server), 0);
  real.close(server);
  assertEquals(real.reactor.size, 0);
});

Deno.test("DenoConnect: abandoned after it arrived, it is closed as well", async () => {
  const real = new RealReactor();
  const attempt = real.reactor.connect(real.listener.localAddr);
  const server = await real.accept();
  await real.reactor.wait(10);
  attempt.close();
  assertEquals(await real.readAll(server), 0);
  real.close(server);
});
