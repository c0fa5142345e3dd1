import { epollDriver, IoError, Runtime, spawn, yieldNow } from "wakeful/runtime";
import { TcpListener, TcpStream } from "wakeful/net";
import { HandingOver, TakingOver } from "../../../commands/serving/hand_over.ts";
import { assertEquals, assertInstanceOf } from "../../support/assert.ts";
import { bytes, textOf } from "../../support/bytes.ts";

const ON_LINUX = { ignore: Deno.build.os !== "linux" };
if (!ON_LINUX.ignore) await epollDriver().close(); // loads the C library once, so no test's leak

Deno.test({
  name: "hand-over: a client is taken over with its note, and struck out when it is closed",
  ...ON_LINUX,
  async fn() {
    await using runtime = Runtime.builder().driver(epollDriver).enableAll().build();
    await runtime.blockOn(function* () {
      using listener = yield* TcpListener.bind({ port: 0 });
      using client = yield* TcpStream.connect(listener.localAddr);
      const handing = new HandingOver();
      const taking = new TakingOver<number>(handing.memory);
      const next = spawn(() => taking.next());
      yield* yieldNow();
      taking.arrive(handing.give(yield* listener.accept(), 3, 42));
      const handed = yield* next;
      const { stream, closing } = yield* taking.takeOver(handed);
      assertEquals([handed.note, taking.hasMore], [42, false]);
      yield* stream.writeAll(bytes("hi"));
      closing();
      stream.close();
      const into = new Uint8Array(2);
      yield* client.readExact(into);
      assertEquals([textOf(into), yield* client.read(into)], ["hi", 0]);
      using other = yield* listenAgain(listener); // the same number again, most likely
      handing.closeAll(3);
      assertEquals(other.tryWrite(bytes("x")), 1);
    });
  },
});

/** Both ends of a connection, of which the server's is kept. */
function* listenAgain(listener: TcpListener) {
  using _client = yield* TcpStream.connect(listener.localAddr);
  return yield* listener.accept();
}

Deno.test({
  name: "hand-over: what a dead thread had is closed, whether it was taken or not",
  ...ON_LINUX,
  async fn() {
    await using runtime = Runtime.builder().driver(epollDriver).enableAll().build();
    await runtime.blockOn(function* () {
      using listener = yield* TcpListener.bind({ port: 0 });
      const handing = new HandingOver();
      using one = yield* TcpStream.connect(listener.localAddr);
      using other = yield* TcpStream.connect(listener.localAddr);
      handing.give(yield* listener.accept(), 0, undefined);
      const kept = handing.give(yield* listener.accept(), 1, undefined);
      handing.closeAll(0);
      assertEquals(yield* one.read(new Uint8Array(1)), 0);
      const taking = new TakingOver<undefined>(handing.memory);
      using server = (yield* taking.takeOver(kept)).stream;
      yield* server.writeAll(bytes("y"));
      assertEquals(yield* other.read(new Uint8Array(1)), 1);
    });
  },
});

Deno.test({
  name: "hand-over: a descriptor that is none any more is an error, and struck out",
  ...ON_LINUX,
  async fn() {
    await using runtime = Runtime.builder().driver(epollDriver).enableAll().build();
    await runtime.blockOn(function* () {
      const handing = new HandingOver();
      const taking = new TakingOver<undefined>(handing.memory);
      const descriptor = 999_999;
      let error: unknown;
      try {
        yield* taking.takeOver({ kind: "client", descriptor, isUnix: false, note: undefined });
      } catch (thrown) {
        error = thrown;
      }
      assertInstanceOf(error, IoError);
      handing.closeAll(0);
    });
  },
});
