import { Closed, countingWaker, IoError, READABLE, WouldBlock } from "wakeful/runtime";
import { assert, assertEquals, assertStrictEquals, assertThrows } from "../../../support/assert.ts";
import { RealReactor } from "../../../support/real_reactor.ts";

Deno.test("DenoListener: shows where it is bound, with the port that it was given", () => {
  const real = new RealReactor();
  const { localAddr } = real.listener;
  assert(localAddr.transport === "tcp" && localAddr.host === "127.0.0.1" && localAddr.port > 0);
  real.close();
});

Deno.test("DenoListener: accepts one connection after another; each end knows the other", async () => {
  const real = new RealReactor();
  const [client, server] = await real.pair();
  assertEquals(server.peerAddr, client.localAddr);
  assertEquals(server.localAddr, client.peerAddr);
  const [again, other] = await real.pair();
  assertEquals(other.peerAddr, again.localAddr);
  real.close(client, server, again, other);
  assertEquals(real.reactor.size, 0);
});

Deno.test("DenoListener: a connection that came while nobody waited is not lost", async () => {
  const real = new RealReactor();
  assertStrictEquals(real.listener.tryAccept(), WouldBlock);
  const client = await real.connected(real.reactor.connect(real.listener.localAddr));
  const server = await real.accept();
  assertEquals(server.peerAddr, client.localAddr);
  real.close(client, server);
});

Deno.test("DenoListener: a taken address is an error of that kind, and names it", () => {
  const real = new RealReactor();
  const { localAddr } = real.listener;
  const error = assertThrows(() => real.reactor.listen(localAddr), IoError, "listen on 127.0.0.1:");
  assertEquals([error.kind, real.reactor.size], ["address-in-use", 1]);
  real.close();
});

Deno.test("DenoListener: a Unix socket accepts as well, and knows its path", async () => {
  const real = new RealReactor();
  const dir = Deno.makeTempDirSync();
  const listener = real.reactor.listen({ transport: "unix", path: `${dir}/socket` });
  const client = await real.connected(real.reactor.connect(listener.localAddr));
  const server = await real.until(listener, READABLE, () => listener.tryAccept());
  assertEquals(client.peerAddr, { transport: "unix", path: `${dir}/socket` });
  real.close(client, server, listener);
  Deno.removeSync(dir, { recursive: true });
});

Deno.test("DenoListener: closing wakes the one who waits, who then finds it closed", () => {
  const real = new RealReactor();
  const { listener, reactor } = real;
  const { waker, count } = countingWaker();
  reactor.setWaker(listener.token, READABLE, waker);
  listener.close();
  listener.close();
  assertEquals([count, reactor.size], [{ wakes: 1, handles: 1 }, 0]);
  assertThrows(() => listener.tryAccept(), Closed, "the listener");
  reactor.close();
});

Deno.test("DenoListener: a connection that was accepted but not taken is closed with it", async () => {
  const real = new RealReactor();
  real.listener.tryAccept();
  const client = await real.connected(real.reactor.connect(real.listener.localAddr));
  await real.reactor.wait(10);
  real.listener.close();
  assertEquals(await real.readAll(client), 0);
  real.close(client);
});
