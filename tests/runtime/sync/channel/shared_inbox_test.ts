import { countingWaker } from "wakeful/runtime";
import { SharedInbox } from "../../../../runtime/sync/channel/shared_inbox.ts";
import type { Waiters } from "../../../../runtime/sync/channel/wait_until.ts";
import { WaitList } from "../../../../runtime/sync/wait_list.ts";
import { assertEquals } from "../../../support/assert.ts";

/** Two inboxes over one list, both waiting. */
function two() {
  const list: Waiters = new WaitList();
  const inboxes = [new SharedInbox(list), new SharedInbox(list)];
  const counts = inboxes.map((inbox) => {
    const { waker, count } = countingWaker();
    inbox.wait(waker);
    return count;
  });
  return { list, inboxes, wakes: () => counts.map((count) => count.wakes), counts };
}

Deno.test("SharedInbox: all are woken together", () => {
  const { list, wakes } = two();
  list.notifyAll();
  assertEquals(wakes(), [1, 1]);
});

Deno.test("SharedInbox: one is woken alone, once", () => {
  const { list, inboxes, wakes } = two();
  inboxes[0].wake();
  inboxes[0].wake();
  assertEquals([wakes(), list.length], [[1, 0], 1]);
});

Deno.test("SharedInbox: one that forgot is not woken and keeps no waker", () => {
  const { list, inboxes, wakes, counts } = two();
  inboxes[1].forget();
  inboxes[1].wake();
  list.notifyAll();
  assertEquals([wakes(), counts[1].handles], [[1, 0], 1]);
});

Deno.test("SharedInbox: waking one that never waited is a no-op", () => {
  new SharedInbox(new WaitList()).wake();
});
