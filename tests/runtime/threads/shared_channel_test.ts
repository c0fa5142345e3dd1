import {
  blockOn,
  Busy,
  End,
  Full,
  NotPortable,
  SendFailed,
  sharedChannel,
  SharedSender,
  sleep,
  spawn,
  spawnBlocking,
  transfer,
} from "wakeful/runtime";
import { assertEquals, assertThrows } from "../../support/assert.ts";
import { tell } from "../../support/portable_functions.ts";
import { handPoll } from "../../support/hand_poll.ts";

Deno.test("SharedChannel: messages arrive in order, and End when the last sender is closed", async () => {
  using receiver = sharedChannel<number>();
  const senders = [
    new SharedSender<number>(receiver.ticket()),
    new SharedSender<number>(receiver.ticket()),
  ];
  await blockOn(function* () {
    yield* senders[0].sendAll([1, 2]);
    senders[0].close();
    yield* senders[1].send(3);
    assertEquals(receiver.tryRecv(), 1);
    assertEquals(yield* receiver.recvMany(10), [2, 3]);
    assertEquals(receiver.tryRecv(), undefined);
    senders[1].close();
    assertEquals(yield* receiver.recv(), End);
  });
});

Deno.test("SharedChannel: a receive that waits is woken by a send", async () => {
  using receiver = sharedChannel<string>();
  using sender = new SharedSender<string>(receiver.ticket());
  await blockOn(function* () {
    const waiting = spawn(() => receiver.recv());
    yield* sleep(1);
    yield* sender.send("hello");
    assertEquals(yield* waiting, "hello");
  });
});

Deno.test("SharedChannel: a sender waits for room and goes on when half is free", async () => {
  using receiver = sharedChannel<string>({ capacity: 1024 });
  using sender = new SharedSender<string>(receiver.ticket());
  const words = Array.from({ length: 100 }, (_, i) => `${i} ${"x".repeat(90)}`);
  const received: string[] = [];
  await blockOn(function* () {
    const sending = spawn(() => sender.sendAll(words));
    while (received.length < words.length) {
      const some = yield* receiver.recvMany(3);
      if (some !== End) received.push(...some);
    }
    yield* sending;
  });
  assertEquals(received, words);
});

Deno.test("SharedChannel: trySend says that it is full, and gives the value back", () => {
  using receiver = sharedChannel<number>({ capacity: 1024 });
  using sender = new SharedSender<number>(receiver.ticket());
  const full = assertThrows(() => {
    for (let i = 0; i < 1000; i++) sender.trySend(i);
  }, Full);
  assertEquals(full.value, 1024 / 16);
});

Deno.test("SharedChannel: with the receiver gone a send gives its value back", () => {
  const receiver = sharedChannel<number>();
  using sender = new SharedSender<number>(receiver.ticket());
  receiver.close();
  assertEquals(assertThrows(() => sender.trySend(7), SendFailed).value, 7);
});

Deno.test("SharedChannel: a dropped receive takes nothing and keeps no waker", () => {
  using receiver = sharedChannel<number>();
  using sender = new SharedSender<number>(receiver.ticket());
  const waiting = handPoll(receiver.recv());
  waiting.assertPending();
  const second = handPoll(receiver.recv());
  assertThrows(() => second.poll(), Busy);
  waiting.drop();
  assertEquals(waiting.kept, 0);
  sender.trySend(1);
  assertEquals(handPoll(receiver.recv()).take(), 1);
});

Deno.test("SharedChannel: each codec carries its own, and refuses what it cannot", () => {
  const across = (codec: "plain" | "json" | "bytes", value: unknown) => {
    using receiver = sharedChannel<unknown>({ codec });
    using sender = new SharedSender<unknown>(receiver.ticket());
    sender.trySend(value);
    return receiver.tryRecv();
  };
  assertEquals(across("plain", new Map([[1, [undefined]]])), new Map([[1, [undefined]]]));
  assertEquals(across("json", { a: "ß" }), { a: "ß" });
  assertEquals(across("bytes", new Uint8Array(100).fill(7)), new Uint8Array(100).fill(7));
  assertThrows(() => across("plain", { f() {} }), NotPortable, "the message.f");
  assertThrows(() => across("plain", "x".repeat(100_000)), NotPortable, "longer");
  assertThrows(() => across("json", undefined), NotPortable, "JSON");
  assertThrows(() => across("bytes", "text"), NotPortable, "bytes");
});

Deno.test("SharedChannel: two other threads send, and nothing is lost or doubled", async () => {
  using receiver = sharedChannel<number>({ capacity: 4096 });
  const count = 20_000;
  const workers = [0, 1].map(() => {
    const url = new URL("../../support/channel_worker.ts", import.meta.url);
    const worker = new Worker(url, { type: "module" });
    const ticket = receiver.ticket();
    worker.postMessage({ ticket, count }, [ticket.port]);
    return worker;
  });
  const seen = new Map<number, number>();
  await blockOn(function* () {
    for (;;) {
      const some = yield* receiver.recvMany(1000);
      if (some === End) return;
      for (const n of some) seen.set(n, (seen.get(n) ?? 0) + 1);
    }
  });
  for (const worker of workers) worker.terminate();
  assertEquals(seen.size, count);
  assertEquals([...seen.values()].filter((times) => times !== 2), []);
});

Deno.test("SharedChannel: a portable task is handed a sender's ticket", async () => {
  using receiver = sharedChannel<string>();
  await blockOn(function* () {
    const ticket = receiver.ticket();
    const telling = spawnBlocking(tell, [ticket, "hello", transfer([ticket.port])]);
    assertEquals(yield* receiver.recv(), "hello");
    assertEquals(yield* receiver.recv(), End);
    yield* telling;
  });
});

Deno.test("SharedChannel: a capacity out of range is refused", () => {
  assertThrows(() => sharedChannel({ capacity: 10 }), RangeError, "capacity");
});
