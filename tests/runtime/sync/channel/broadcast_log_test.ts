import { BroadcastLog } from "../../../../runtime/sync/channel/broadcast_log.ts";
import { assertEquals } from "../../../support/assert.ts";

/** A log of four for two receivers, holding the letters of `text`. */
function logOf(text: string): BroadcastLog<string> {
  const log = new BroadcastLog<string>(4);
  log.receivers = 2;
  for (const letter of text) log.push(letter);
  return log;
}

/** Everything from `next` to the end, for one receiver. */
function seenFrom(log: BroadcastLog<string>, next: number): string {
  let text = "";
  for (let i = next; i < log.end; i++) text += log.see(i);
  return text;
}

Deno.test("BroadcastLog: each receiver sees what was pushed, in order", () => {
  const log = logOf("abc");
  assertEquals([log.end, seenFrom(log, 0), seenFrom(log, 1), log.kept], [3, "abc", "bc", 1]);
});

Deno.test("BroadcastLog: a value is kept until all have seen it", () => {
  const log = logOf("abc");
  seenFrom(log, 0);
  assertEquals(log.kept, 3);
  seenFrom(log, 0);
  assertEquals(log.kept, 0);
});

Deno.test("BroadcastLog: the oldest make room when it is full", () => {
  const log = logOf("abcdef");
  assertEquals([log.kept, log.catchUp(0), log.catchUp(2), log.catchUp(5)], [4, 2, 2, 5]);
  assertEquals(seenFrom(log, 2), "cdef");
});

Deno.test("BroadcastLog: one who leaves holds nothing back", () => {
  const log = logOf("abcdef");
  log.leave(0);
  assertEquals([log.receivers, log.kept], [1, 4]);
  log.leave(5);
  assertEquals([log.receivers, log.kept], [0, 3]);
});

Deno.test("BroadcastLog: what comes after one left is for the others only", () => {
  const log = logOf("a");
  log.leave(0);
  log.push("b");
  assertEquals([seenFrom(log, 0), log.kept], ["ab", 0]);
});
