import {
  blockOn,
  type Co,
  DriverUnavailable,
  epollDriver,
  IoError,
  type JoinHandle,
  realClock,
  Runtime,
  sleep,
  spawn,
  TimedOut,
  timeout,
  type TlsOptions,
} from "wakeful/runtime";
import { TcpListener, TlsStream } from "wakeful/net";
import { assert, assertEquals } from "../support/assert.ts";
import "../support/epoll.ts"; // loads the C library before leaks are counted
import { IS_OLD_DENO } from "../support/old_deno.ts";
import { AUTHORITY, CERTIFICATE, KEY } from "../support/certificates.ts";

/** A server that sends everything back, encrypted; Deno's, for this house has only clients. */
function echoServer() {
  const listener = Deno.listenTls({ hostname: "127.0.0.1", port: 0, cert: CERTIFICATE, key: KEY });
  const served = (async () => {
    for await (const conn of listener) {
      await conn.readable.pipeTo(conn.writable).catch(() => {});
    }
  })();
  return {
    port: listener.addr.port,
    async [Symbol.asyncDispose]() {
      listener.close();
      await served;
    },
  };
}

function* talk(port: number, options: TlsOptions): Co<string> {
  using stream = yield* TlsStream.connect({ host: "127.0.0.1", port }, options);
  const text = "hello ".repeat(20_000);
  const writing: JoinHandle<void> = spawn(stream.writeAll(new TextEncoder().encode(text)));
  const back = new Uint8Array(text.length);
  yield* stream.readExact(back);
  yield* writing;
  return new TextDecoder().decode(back) === text ? "echoed" : "garbled";
}

/** The kind of the error that connecting ends with. */
function* failure(port: number, options: TlsOptions): Co<string> {
  try {
    using _stream = yield* TlsStream.connect({ port }, options);
    return "none";
  } catch (error) {
    if (error instanceof IoError) return error.kind;
    throw error;
  }
}

const WAYS: Record<string, TlsOptions> = {
  "a certificate that is trusted": { caCerts: [AUTHORITY] },
  "a name that the certificate has": { caCerts: [AUTHORITY], serverName: "localhost" },
  "any certificate": { insecure: true },
};

for (const [way, options] of Object.entries(WAYS)) {
  Deno.test(`TlsStream: what is sent comes back, with ${way}`, async () => {
    await using server = echoServer();
    assertEquals(await blockOn(talk(server.port, options)), "echoed");
  });
}

Deno.test("TlsStream: tells when it is connected, before the handshake is over", async () => {
  await using server = echoServer();
  await blockOn(function* () {
    for (const insecure of [false, true]) {
      let connected: number | undefined;
      const onConnected = () => void (connected = realClock.now());
      const options = { caCerts: [AUTHORITY], insecure, onConnected };
      using _stream = yield* TlsStream.connect({ port: server.port }, options);
      assert(connected !== undefined && connected <= realClock.now());
    }
  });
});

Deno.test("TlsStream: a certificate that nobody vouches for is refused", async () => {
  await using server = echoServer();
  assertEquals(await blockOn(failure(server.port, {})), "tls-failed");
});

Deno.test("TlsStream: a certificate for another name is refused", async () => {
  await using server = echoServer();
  const options = { caCerts: [AUTHORITY], serverName: "example.org" };
  assertEquals(await blockOn(failure(server.port, options)), "tls-failed");
});

for (const insecure of [false, true]) {
  const how = insecure ? "unchecked" : "checked";

  Deno.test(`TlsStream: nobody listens, ${how}`, async () => {
    const free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    free.close();
    assertEquals(await blockOn(failure(free.addr.port, { insecure })), "connection-refused");
  });

  const ignore = insecure && IS_OLD_DENO;
  Deno.test(`TlsStream: a peer that speaks no TLS, ${how}`, { ignore }, async () => {
    await blockOn(function* () {
      using listener = yield* TcpListener.bind({ port: 0 });
      using _peer = spawn(function* () {
        using client = yield* listener.accept();
        yield* client.writeAll(new TextEncoder().encode("220 mail.example.org\r\n"));
        yield* client.read(new Uint8Array(1));
      }).abortOnDrop();
      assertEquals(yield* failure(listener.localAddr.port, { insecure }), "tls-failed");
    });
  });
}

Deno.test(
  "TlsStream: an attempt that is given up ends, unchecked",
  { ignore: IS_OLD_DENO },
  async () => {
    await blockOn(function* () {
      using listener = yield* TcpListener.bind({ port: 0 });
      const ended = spawn(function* () {
        using client = yield* listener.accept();
        const hello = new Uint8Array(4096);
        while ((yield* client.read(hello)) > 0);
        return "gone";
      });
      const { port } = listener.localAddr;
      try {
        yield* timeout(100, TlsStream.connect({ port }, { insecure: true }));
      } catch (error) {
        assert(error instanceof TimedOut, String(error));
      }
      assertEquals(yield* timeout(5_000, ended), "gone");
    });
  },
);

Deno.test("TlsStream: an attempt that is given up, checked, ends when the peer does", async () => {
  await blockOn(function* () {
    using listener = yield* TcpListener.bind({ port: 0 });
    const accepted = spawn(listener.accept());
    try {
      yield* timeout(50, TlsStream.connect({ port: listener.localAddr.port }));
    } catch (error) {
      assert(error instanceof TimedOut, String(error));
    }
    (yield* accepted).close(); // and the check for leaks finds nothing
    yield* sleep(20);
  });
});

Deno.test("TlsStream: the epoll driver says that it has no TLS", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  await using runtime = Runtime.builder().driver(epollDriver).enableAll().build();
  await runtime.blockOn(function* () {
    try {
      yield* TlsStream.connect({ port: 1 });
    } catch (error) {
      assert(error instanceof DriverUnavailable);
      assertEquals(
        error.message,
        "Cannot use the epoll driver: it has no TLS; the deno driver works everywhere",
      );
    }
  });
});
