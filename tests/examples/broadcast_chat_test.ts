import { IoError, type Loop, pollFn, type Reactor } from "wakeful/runtime";
import { Chat, MAX_CLIENTS, OUTBOX } from "../../examples/broadcast_chat.ts";
import { assert, assertEquals } from "../support/assert.ts";
import type { MemoryStream } from "../support/memory_net.ts";
import { memoryListener } from "../support/memory_streams.ts";
import { VirtualRuntime } from "../support/virtual_runtime.ts";

/** A chat over connections in memory. */
class Party {
  readonly virtual = new VirtualRuntime();
  readonly printed: string[] = [];
  readonly listener;

  constructor() {
    const loop: Loop = this.virtual.run(() => pollFn((cx) => cx.loop));
    const { source, listener } = memoryListener(loop.io as Reactor);
    this.listener = source;
    const chat = new Chat((line) => void this.printed.push(line));
    this.virtual.spawn(() => chat.serve(listener));
    this.virtual.settle();
  }

  join(room?: { client?: number }): MemoryStream {
    const client = this.listener.connect(room);
    this.virtual.settle();
    return client;
  }

  /** So many clients, who have read all that was said so far. */
  guests(count: number): MemoryStream[] {
    const guests = Array.from({ length: count }, () => this.join());
    for (const guest of guests) guest.take();
    return guests;
  }

  say(client: MemoryStream, text: string): void {
    client.send(text);
    this.virtual.settle();
  }

  leave(client: MemoryStream): void {
    client.close();
    this.virtual.settle();
  }

  [Symbol.dispose](): void {
    this.virtual[Symbol.dispose]();
  }
}

Deno.test("broadcast chat: what one types, all others see", () => {
  using party = new Party();
  const [ann, ben, cleo] = party.guests(3);
  party.say(ann, "hello\r\nhow are you?\n");
  assertEquals([ann.take(), ben.take(), cleo.take()], [
    "",
    "1: hello\n1: how are you?\n",
    "1: hello\n1: how are you?\n",
  ]);
});

Deno.test("broadcast chat: a line is told once it is complete", () => {
  using party = new Party();
  const [ann, ben] = party.guests(2);
  party.say(ann, "hel");
  assertEquals(ben.take(), "");
  party.say(ann, "lo\n");
  assertEquals(ben.take(), "1: hello\n");
});

Deno.test("broadcast chat: who comes and goes is told, however they go", () => {
  using party = new Party();
  const [ann, ben, cleo] = party.guests(3);
  party.leave(ben);
  assertEquals(ann.take(), "* client 2 has gone\n");
  cleo.peer.fail(new IoError("connection-reset", "read: the peer is gone"));
  party.virtual.settle();
  assertEquals(ann.take(), "* client 3 has gone\n");
  assertEquals(party.printed, [
    "client 1 has come, 1 here",
    "client 2 has come, 2 here",
    "client 3 has come, 3 here",
    "client 2 has gone, 2 here",
    "client 3 has gone, 1 here",
  ]);
});

Deno.test("broadcast chat: a hundred at most; a seat that is given up is free again", () => {
  using party = new Party();
  const guests = party.guests(MAX_CLIENTS);
  assertEquals(MAX_CLIENTS, 100);
  const late = party.join();
  assertEquals(late.take(), "* the chat is full, try again later\n");
  assert(late.atEnd);
  party.leave(guests[0]);
  const lucky = party.join();
  assertEquals(lucky.take(), "* client 101 has come\n");
  assert(!lucky.atEnd);
});

Deno.test("broadcast chat: one who does not read has to go, and holds up nobody", () => {
  using party = new Party();
  const slow = party.join({ client: 1 });
  const [ann, ben] = party.guests(2);
  for (let line = 0; line < 2 * OUTBOX; line++) {
    party.say(ann, "hello\n");
    ben.take();
  }
  assert(party.printed.includes("client 1 has gone, 2 here"));
  assert(slow.peer.closed);
  assertEquals(ann.take(), "* client 1 has gone\n");
});

Deno.test("broadcast chat: one who types a line without end has to go", () => {
  using party = new Party();
  const [ann, ben] = party.guests(2);
  party.say(ann, "x".repeat(5_000));
  assertEquals(ben.take(), "* client 1 has gone\n");
  assert(ann.peer.closed);
});

Deno.test("broadcast chat: an accept that fails is told, and the next one is let in", () => {
  using party = new Party();
  party.listener.fail(new IoError("too-many-open-files", "accept: no descriptors"));
  party.join();
  assertEquals(party.printed, ["cannot accept: accept: no descriptors"]);
  party.virtual.advance(100);
  assertEquals(party.printed.at(-1), "client 1 has come, 1 here");
});

Deno.test("broadcast chat: nothing is left of a client that has gone", () => {
  using party = new Party();
  const { tasks, registrations } = party.virtual.runtime.statistics();
  for (const guest of party.guests(3)) party.leave(guest);
  assertEquals(party.virtual.runtime.statistics(), { tasks, timers: 0, registrations });
});
