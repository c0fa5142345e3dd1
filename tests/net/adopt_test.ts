/** Connections that change from one runtime to another, and ports that several share. */

import {
  blockOn,
  Closed,
  denoDriver,
  epollDriver,
  IoError,
  Misuse,
  NoDescriptors,
  Runtime,
  spawn,
} from "wakeful/runtime";
import { TcpListener, TcpStream, UnixListener, UnixStream } from "wakeful/net";
import { assert, assertEquals, assertRejects, assertThrows } from "../support/assert.ts";
import { bytes, textOf } from "../support/bytes.ts";
import { tempDir } from "../support/temp_dir.ts";

const ON_LINUX = { ignore: Deno.build.os !== "linux" };
if (!ON_LINUX.ignore) await epollDriver().close(); // loads the C library once, so no test's leak

function runtimeOver(makeDriver: typeof denoDriver): Runtime {
  return Runtime.builder().driver(makeDriver).enableAll().build();
}

Deno.test({
  name: "adopt: a released connection goes on in another runtime, with what came meanwhile",
  ...ON_LINUX,
  async fn() {
    await using giving = runtimeOver(epollDriver);
    await using taking = runtimeOver(epollDriver);
    const { client, descriptor, peer } = await giving.blockOn(function* () {
      using listener = yield* TcpListener.bind({ port: 0 });
      const client = yield* TcpStream.connect(listener.localAddr);
      const server = yield* listener.accept();
      const peer = server.peerAddr;
      const descriptor = server.release();
      assertThrows(() => server.release(), Closed);
      assertThrows(() => server.tryWrite(bytes("x")), Closed);
      server.close(); // it is not this one's any more
      yield* client.writeAll(bytes("early"));
      return { client, descriptor, peer };
    });
    assertEquals(giving.statistics().registrations, 1);
    await taking.blockOn(function* () {
      using server = yield* TcpStream.adopt(descriptor);
      assertEquals(server.peerAddr, peer);
      assertEquals(textOf((yield* server.fill()).slice()), "early");
      server.consume(5);
      yield* server.writeAll(bytes("late"));
    });
    await giving.blockOn(function* () {
      using answered = client;
      const into = new Uint8Array(4);
      yield* answered.readExact(into);
      assertEquals(textOf(into), "late");
      assertEquals(yield* answered.read(into), 0);
    });
  },
});

Deno.test({
  name: "adopt: a Unix connection as well",
  ...ON_LINUX,
  async fn() {
    using folder = tempDir();
    const path = folder.path("socket");
    await using runtime = runtimeOver(epollDriver);
    await runtime.blockOn(function* () {
      using listener = yield* UnixListener.bind(path);
      using client = yield* UnixStream.connect(path);
      using server = yield* UnixStream.adopt((yield* listener.accept()).release());
      yield* client.writeAll(bytes("hello"));
      assertEquals(textOf((yield* server.fill()).slice()), "hello");
    });
  },
});

Deno.test({
  name: "adopt: what was received stays, and a number that is no descriptor is an error",
  ...ON_LINUX,
  async fn() {
    await using runtime = runtimeOver(epollDriver);
    await runtime.blockOn(function* () {
      using listener = yield* TcpListener.bind({ port: 0 });
      using client = yield* TcpStream.connect(listener.localAddr);
      using server = yield* listener.accept();
      yield* client.writeAll(bytes("unread"));
      yield* server.fill();
      assertThrows(() => server.release(), Misuse, "read what it holds");
    });
    await assertRejects(() => runtime.blockOn(TcpStream.adopt(1_000_000)), IoError);
  },
});

Deno.test("adopt: connections of other drivers have no descriptor", async () => {
  await using runtime = runtimeOver(denoDriver);
  await runtime.blockOn(function* () {
    using listener = yield* TcpListener.bind({ port: 0 });
    using client = yield* TcpStream.connect(listener.localAddr);
    using _server = yield* listener.accept();
    assertThrows(() => client.release(), NoDescriptors, "reusePort");
    assertThrows(() => void blockOn(TcpStream.adopt(0)), Misuse);
  });
  await assertRejects(() => runtime.blockOn(TcpStream.adopt(0)), NoDescriptors);
});

for (const makeDriver of [denoDriver, epollDriver]) {
  Deno.test({
    name: `reusePort: two listeners share a port, and each client comes to one: ${makeDriver.name}`,
    ...ON_LINUX,
    async fn() {
      const CLIENTS = 64;
      await using runtime = runtimeOver(makeDriver);
      const counts = await runtime.blockOn(function* () {
        using one = yield* TcpListener.bind({ port: 0, reusePort: true });
        const { port } = one.localAddr;
        using two = yield* TcpListener.bind({ port, reusePort: true });
        const counts = [0, 0];
        const tasks = [one, two].map((listener, i) =>
          spawn(function* () {
            for (;; counts[i]++) (yield* listener.accept()).close();
          })
        );
        for (let i = 0; i < CLIENTS; i++) {
          using client = yield* TcpStream.connect({ port });
          yield* client.read(new Uint8Array(1));
        }
        tasks.forEach((task) => task.abort());
        return counts;
      });
      assertEquals(counts[0] + counts[1], CLIENTS);
      assert(counts[0] > 0 && counts[1] > 0, `${counts}`);
    },
  });
}
