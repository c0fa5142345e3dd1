import { type Co, epollDriver, fromPromise, Runtime, sleep, spawn, timeout } from "wakeful/runtime";
import { TcpListener, TcpStream } from "wakeful/net";
import { assertEquals, assertMatch, assertRejects } from "../../../support/assert.ts";
import { bytes, textOf } from "../../../support/bytes.ts";
import "../../../support/epoll.ts";

const LIMIT_MS = 10_000;

const onEpoll = () => Runtime.builder().driver(epollDriver).enableAll().build();

function* ask(port: number): Co<string> {
  using stream = yield* TcpStream.connect({ port });
  yield* stream.writeAll(bytes("hello"));
  yield* stream.shutdown();
  const answer = new Uint8Array(5);
  yield* stream.readExact(answer);
  return textOf(answer);
}

Deno.test("EpollDriver: several runtimes in one process talk to each other", async () => {
  await using one = onEpoll();
  await using other = onEpoll();
  const bound = Promise.withResolvers<number>();
  const served = one.blockOn(function* () {
    using listener = yield* TcpListener.bind({ port: 0 });
    bound.resolve(listener.localAddr.port);
    using stream = yield* listener.accept();
    const buffer = new Uint8Array(5);
    yield* stream.readExact(buffer);
    yield* stream.writeAll(buffer);
  });
  const port = await bound.promise;
  assertEquals(await other.blockOn(() => timeout(LIMIT_MS, ask(port))), "hello");
  await served;
});

Deno.test("EpollDriver: a Worker has a runtime of its own, and an errno of its own", async () => {
  const url = new URL("../../../support/epoll_echo_worker.ts", import.meta.url);
  const worker = new Worker(url, { type: "module" });
  const messages: unknown[] = [];
  let more = Promise.withResolvers<void>();
  worker.onmessage = ({ data }) => {
    messages.push(data);
    more.resolve();
  };
  await more.promise;
  more = Promise.withResolvers();
  await using runtime = onEpoll();
  const port = messages[0] as number;
  assertEquals(await runtime.blockOn(() => timeout(LIMIT_MS, ask(port))), "hello");
  await more.promise;
  assertMatch(String(messages[1]), /connection refused/);
  worker.terminate();
});

Deno.test("EpollDriver: a runtime closed while it rests ends, and so does what it ran", async () => {
  const runtime = onEpoll();
  const running = runtime.blockOn(function* () {
    using listener = yield* TcpListener.bind({ port: 0 });
    spawn(() => sleep(LIMIT_MS));
    yield* listener.accept();
  });
  await new Promise((done) => setTimeout(done, 5));
  const refused = assertRejects(() => running);
  await runtime.close();
  await refused;
  assertEquals(runtime.statistics(), { tasks: 0, timers: 0, registrations: 0 });
});

Deno.test("EpollDriver: a task woken from outside the loop runs at once, again and again", async () => {
  await using runtime = onEpoll();
  const begin = performance.now();
  await runtime.blockOn(function* () {
    for (let i = 0; i < 50; i++) {
      yield* fromPromise(() => new Promise<void>((done) => setTimeout(done)));
    }
  });
  assertEquals(performance.now() - begin < LIMIT_MS / 2, true);
});
