/**
 * Lesson 19, the network: streams, halves of streams, datagrams, and a few small servers.
 *
 * Read on in net/stream.ts, read_half.ts and write_half.ts, net/udp.ts, and beneath them
 * net/half_op.ts: try, and if it would block leave a waker and be Pending. The servers here are
 * small ones; commands/echo-server is a large one.
 */

import {
  Barrier,
  broadcast,
  type BroadcastSender,
  type Co,
  End,
  MovedOn,
  moveOnAfter,
  mpsc,
  now,
  type Receiver,
  scope,
  type Sender,
  sleep,
  spawn,
  watch,
  type WatchSender,
} from "wakeful/runtime";
import {
  lines,
  type ReadHalf,
  TcpListener,
  TcpStream,
  UdpSocket,
  type WriteHalf,
} from "wakeful/net";
import { blockOn } from "wakeful/runtime";
import { simulate } from "wakeful/testing";
import { assertEquals } from "../support/assert.ts";
import { show } from "./show.ts";

const encoder = new TextEncoder();

/** Runs a server of `serve` for each client beside `body`, which gets the port; both end together. */
function* withServer<T>(
  serve: (client: TcpStream) => Co<void>,
  body: (port: number) => Co<T>,
): Co<T> {
  using listener = yield* TcpListener.bind({ port: 0 });
  return yield* scope(function* (s) {
    const server = s.spawn(function* () {
      for (;;) {
        const client = yield* listener.accept();
        s.spawn(() => serve(client));
      }
    });
    const value = yield* body(listener.localAddr.port);
    server.abort();
    return value;
  });
}

function* readInto(reader: ReadHalf, chunks: Sender<Uint8Array>) {
  using _endsTheChannel = chunks;
  const buffer = new Uint8Array(1024);
  for (let n = yield* reader.read(buffer); n > 0; n = yield* reader.read(buffer)) {
    yield* chunks.send(buffer.slice(0, n));
  }
}

function* writeFrom(chunks: Receiver<Uint8Array>, writer: WriteHalf) {
  for (let chunk = yield* chunks.recv(); chunk !== End; chunk = yield* chunks.recv()) {
    yield* writer.writeAll(chunk);
  }
  yield* writer.shutdown();
}

/** Echo with a task for each direction and a channel between them, which bounds what is between. */
function* echoThroughChannel(client: TcpStream) {
  using _closed = client;
  const { reader, writer } = client.split();
  const [sender, receiver] = mpsc<Uint8Array>(4);
  yield* scope(function* (s) {
    s.spawn(() => readInto(reader, sender));
    yield* writeFrom(receiver, writer);
  });
}

Deno.test("lesson 19.1 · echo with split halves: one task reads, one writes, a channel between", async () => {
  const answers = await blockOn(() =>
    withServer(echoThroughChannel, function* (port) {
      using stream = yield* TcpStream.connect({ port });
      const input = lines(stream);
      const answers: unknown[] = [];
      for (const line of ["one", "two", "three"]) {
        yield* stream.writeAll(encoder.encode(`${line}\n`));
        answers.push(yield* input.nextLine());
      }
      yield* stream.shutdown(); // the end goes the same way round
      answers.push(yield* input.nextLine());
      return answers;
    })
  );
  assertEquals(answers, ["one", "two", "three", End]);
});

/** Sends every datagram back to where it came from. */
function* pong() {
  using socket = yield* UdpSocket.bind({ host: "0.0.0.0", port: 7 });
  const buffer = new Uint8Array(64);
  for (;;) {
    const { n, from } = yield* socket.recvFrom(buffer);
    yield* socket.sendTo(buffer.subarray(0, n), from);
  }
}

/** Sends a datagram and answers how long its return took; a lost one is not waited for long. */
function* ping(socket: UdpSocket, to: string, number: number) {
  const begun = now();
  yield* socket.sendTo(new Uint8Array([number]), { host: to, port: 7 });
  const back = yield* moveOnAfter(1_000, socket.recvFrom(new Uint8Array(64)));
  return back === MovedOn ? "lost" : now() - begun;
}

Deno.test("lesson 19.2 · UDP ping-pong: the way there and back, and a datagram that is lost", async () => {
  const { value: times } = await simulate({}, function* (world) {
    const server = world.host("server", pong);
    const client = world.host("client", function* () {
      using socket = yield* UdpSocket.bind({ host: "0.0.0.0", port: 0 });
      const times: (number | string)[] = [];
      for (let number = 0; number < 4; number++) {
        yield* sleep(1_000 - now() % 1_000);
        times.push(yield* ping(socket, server.ip, number));
      }
      return times;
    });
    world.link("server", "client", { latency: 15 });
    world.at(2_500, () => world.partition("server", "client"));
    world.at(3_500, () => world.heal());
    return yield* client.outcome();
  });
  show(`there and back: ${times.join(", ")} ms`);
  assertEquals(times, [30, 30, "lost", 30]);
});

/** Counts its clients: how many there are now is for everybody to watch. */
function* counted(client: TcpStream, live: WatchSender<number>) {
  using _closed = client;
  live.modify((n) => n + 1);
  try {
    yield* client.writeAll(encoder.encode(`you are one of ${live.borrow()}\n`));
    yield* client.read(new Uint8Array(1)); // until the client leaves
  } finally {
    live.modify((n) => n - 1);
  }
}

Deno.test("lesson 19.3 · a connection counter goes up with each client, and down again", async () => {
  const greetings: unknown[] = [];
  await blockOn(function* () {
    const [live, watcher] = watch(0);
    yield* withServer((client) => counted(client, live), function* (port) {
      const clients: TcpStream[] = [];
      for (let i = 0; i < 5; i++) {
        const client = yield* TcpStream.connect({ port });
        clients.push(client);
        greetings.push(yield* lines(client).nextLine());
      }
      assertEquals(live.borrow(), 5);
      for (const client of clients.splice(0, 2)) client.close();
      yield* watcher.waitFor((n) => n === 3);
      for (const client of clients) client.close();
      yield* watcher.waitFor((n) => n === 0);
    });
  });
  show(...greetings.map(String));
  assertEquals(greetings, [1, 2, 3, 4, 5].map((n) => `you are one of ${n}`));
});

/** Passes each line of a client on to all, and all lines to each client. */
function* chat(client: TcpStream, room: BroadcastSender<string>) {
  using _closed = client;
  const { reader, writer } = client.split();
  using heard = room.subscribe();
  yield* writer.writeAll(encoder.encode("welcome\n"));
  yield* scope(function* (s) {
    const ears = s.spawn(function* () {
      for (let line = yield* heard.recv(); line !== End; line = yield* heard.recv()) {
        yield* writer.writeAll(encoder.encode(`${line}\n`));
      }
    });
    const input = lines(reader);
    for (let line = yield* input.nextLine(); line !== End; line = yield* input.nextLine()) {
      room.send(line);
    }
    ears.abort();
  });
}

Deno.test("lesson 19.4 · a broadcast: what one client says, all of them hear, in the same order", async () => {
  const heard: string[][] = await blockOn(function* () {
    const [room] = broadcast<string>(16);
    const all = new Barrier(3);
    const visit = function* (port: number, name: string) {
      using stream = yield* TcpStream.connect({ port });
      const input = lines(stream);
      yield* input.nextLine(); // welcome: from now on we hear
      yield* all.wait();
      yield* stream.writeAll(encoder.encode(`${name} says hello\n`));
      const heard: string[] = [];
      while (heard.length < 3) heard.push((yield* input.nextLine()) as string);
      yield* all.wait(); // nobody leaves before all have heard
      return heard;
    };
    return yield* withServer((client) => chat(client, room), function* (port) {
      const visitors = ["ann", "bob", "cy"].map((name) => spawn(() => visit(port, name)));
      const heard: string[][] = [];
      for (const visitor of visitors) heard.push(yield* visitor);
      return heard;
    });
  });
  show(...heard[0]);
  assertEquals(heard[0].toSorted(), ["ann says hello", "bob says hello", "cy says hello"]);
  assertEquals(heard, [heard[0], heard[0], heard[0]]);
});
