import {
  type Address,
  type Co,
  epollDriver,
  type IoError,
  Runtime,
  timeout,
} from "wakeful/runtime";
import { TcpListener, TcpStream, UdpSocket, UnixListener, UnixStream } from "wakeful/net";
import { assertEquals, assertMatch } from "../../../support/assert.ts";
import "../../../support/epoll.ts";

const LIMIT_MS = 20_000;

async function onEpoll<T>(body: () => Co<T>): Promise<T> {
  await using runtime = Runtime.builder().driver(epollDriver).enableAll().build();
  return await runtime.blockOn(() => timeout(LIMIT_MS, body()));
}

/** Connects to a listener, and answers where the client came from. */
function* visit(host: string, from = host): Co<[at: Address, client: Address]> {
  using listener = yield* TcpListener.bind({ host, port: 0 });
  using client = yield* TcpStream.connect({ host: from, port: listener.localAddr.port });
  using server = yield* listener.accept();
  assertEquals(server.peerAddr, client.localAddr);
  return [listener.localAddr, server.peerAddr];
}

const VISITS: readonly (readonly [host: string, from: string, seenAs: string])[] = [
  ["127.0.0.1", "127.0.0.1", "127.0.0.1"],
  ["0.0.0.0", "127.0.0.1", "127.0.0.1"],
  ["::1", "::1", "::1"],
  ["::", "::1", "::1"],
];

for (const [host, from, seenAs] of VISITS) {
  Deno.test(`epoll: bound to ${host}, a client from ${from} is seen as ${seenAs}`, async () => {
    const [at, client] = await onEpoll(() => visit(host, from));
    assertEquals([at, client].map((address) => "host" in address && address.host), [host, seenAs]);
  });
}

Deno.test("epoll: a name stands for its address, in bind, in connect and in datagrams", async () => {
  await onEpoll(function* () {
    yield* visit("localhost");
    using one = yield* UdpSocket.bind({ host: "localhost", port: 0 });
    const { port } = one.localAddr;
    yield* one.sendTo(new Uint8Array(3), { host: "localhost", port });
    assertEquals((yield* one.recvFrom(new Uint8Array(8))).n, 3);
  });
});

/** What an attempt has failed with. */
function* failureOf(attempt: () => Co<unknown>): Co<string> {
  try {
    yield* attempt();
    return "nothing";
  } catch (error) {
    return (error as IoError).kind;
  }
}

const LONG = `/tmp/${"x".repeat(108)}`;

const FAILURES: Readonly<Record<string, readonly [kind: string, attempt: () => Co<unknown>]>> = {
  "a name that nobody has": ["host-not-found", function* () {
    yield* TcpStream.connect({ host: "nobody.invalid", port: 1 });
  }],
  "a name with a zero byte": ["address-not-available", function* () {
    yield* TcpStream.connect({ host: "127.0.0.1\0.example", port: 1 });
  }],
  "a port that nobody listens on": ["connection-refused", function* () {
    yield* TcpStream.connect({ port: 1 });
  }],
  "an address of another machine": ["address-not-available", function* () {
    yield* TcpListener.bind({ host: "192.0.2.1", port: 0 });
  }],
  "a path that is too long": ["address-not-available", function* () {
    yield* UnixListener.bind(LONG);
  }],
  "an empty path": ["address-not-available", function* () {
    yield* UnixStream.connect("");
  }],
  "a path with a zero byte": ["address-not-available", function* () {
    yield* UnixStream.connect("/tmp/a\0b");
  }],
  "a path that is not there": ["not-found", function* () {
    yield* UnixStream.connect("/nowhere/socket");
  }],
  "a datagram that is too long": ["message-too-long", function* () {
    using socket = yield* UdpSocket.bind({ port: 0 });
    yield* socket.sendTo(new Uint8Array(70_000), { port: 1 });
  }],
};

for (const [name, [kind, attempt]] of Object.entries(FAILURES)) {
  Deno.test(`epoll: ${name}: ${kind}`, async () => {
    assertMatch(await onEpoll(() => failureOf(attempt)), new RegExp(`^${kind}$`));
  });
}
