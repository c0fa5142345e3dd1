import { TcpListener, TcpStream } from "wakeful/net";
import { blockOn, Runtime } from "wakeful/runtime";
import { assertEquals, assertGreater, assertNotEquals } from "../support/assert.ts";
import { FakeLoop } from "../support/fake_loop.ts";
import { handPoll } from "../support/hand_poll.ts";
import { streamAndPeer } from "../support/memory_streams.ts";
import { ioErrorOf } from "../support/stream_ends.ts";
import { conformance } from "./conformance.ts";
import { overTcp } from "./over_tcp.ts";

/** Ports end at 65535. */
const NO_PORT = 99_999;

conformance("TCP on deno", () => Runtime.builder().enableAll().build(), overTcp);

Deno.test("TcpListener.bind: port 0 finds a free port and tells it", async () => {
  await blockOn(function* () {
    using one = yield* TcpListener.bind({ port: 0 });
    using other = yield* TcpListener.bind({ port: 0 });
    assertEquals(one.localAddr.host, "127.0.0.1");
    assertGreater(one.localAddr.port, 0);
    assertNotEquals(one.localAddr.port, other.localAddr.port);
  });
});

Deno.test("TcpListener.bind: an address of another machine is not available", async () => {
  const error = await blockOn(() => ioErrorOf(TcpListener.bind({ host: "192.0.2.1", port: 0 })));
  assertEquals(error.kind, "address-not-available");
  assertEquals(error.message.startsWith("listen on 192.0.2.1:0: "), true);
});

Deno.test("TcpListener.bind: nothing happens before the first poll", () => {
  const loop = new FakeLoop();
  const bind = handPoll(TcpListener.bind({ port: 7 }), loop);
  assertEquals(loop.driver.asked, []);
  assertEquals(bind.take().localAddr, { transport: "tcp", host: "127.0.0.1", port: 7 });
  assertEquals(loop.driver.asked, ["listen tcp"]);
});

Deno.test("TcpStream.connect: takes a name for a host", async () => {
  await blockOn(function* () {
    using listener = yield* TcpListener.bind({ port: 0 });
    using stream = yield* TcpStream.connect({ ...listener.localAddr, host: "localhost" });
    assertEquals(stream.peerAddr, listener.localAddr);
  });
});

Deno.test("TcpStream.connect: a port that cannot be is an IoError, too", async () => {
  const error = await blockOn(() => ioErrorOf(TcpStream.connect({ port: NO_PORT })));
  assertEquals(error.message.startsWith("connect to 127.0.0.1:99999: "), true);
});

Deno.test("setNoDelay: is passed on", () => {
  const { stream, source } = streamAndPeer();
  stream.setNoDelay(false);
  assertEquals(source.noDelay, false);
});

Deno.test("setNoDelay: a real connection takes both values", async () => {
  await blockOn(function* () {
    using listener = yield* TcpListener.bind({ port: 0 });
    using stream = yield* TcpStream.connect(listener.localAddr);
    stream.setNoDelay(false);
    stream.setNoDelay(true);
  });
});
