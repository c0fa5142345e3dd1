import { broadcast, End } from "wakeful/runtime";
import { runTest } from "wakeful/testing";
import { assertEquals } from "../../../support/assert.ts";
import { nextEvent, waitingEvents } from "../../../../commands/job-queue/engine/feed.ts";

Deno.test("feed: what is there is taken at once, gaps are told, the end is the end", () =>
  runTest(function* () {
    const [sender, feed] = broadcast<number>(4);
    for (let i = 0; i < 6; i++) sender.send(i);
    const gap = { event: "Lagged" as const, missed: 2 };
    assertEquals(yield* nextEvent(feed), gap);
    assertEquals(yield* nextEvent(feed), 2);
    assertEquals(waitingEvents(feed, 2), [3, 4]);
    assertEquals(waitingEvents(feed, 10), [5]);
    for (let i = 0; i < 6; i++) sender.send(i);
    assertEquals(waitingEvents(feed, 2), [gap, 2]);
    sender.close();
    assertEquals(waitingEvents(feed, 10), [3, 4, 5]);
    assertEquals(yield* nextEvent(feed), End);
    feed.close();
  }));
