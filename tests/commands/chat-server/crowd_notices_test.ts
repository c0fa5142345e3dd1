import { CrowdNotices } from "../../../commands/chat-server/crowd_notices.ts";
import { assert, assertEquals, assertFalse } from "../../support/assert.ts";

const of = (...names: string[]) => (what: string) => ({ names, what });

Deno.test("CrowdNotices: one alone is told of at once", () => {
  const crowd = new CrowdNotices();
  assertEquals(crowd.add("ann", "joined", 0), [of("ann")("joined")]);
  assertEquals(crowd.add("ben", "left", 100), [of("ben")("left")]);
  assertEquals(crowd.dueAt, undefined);
});

Deno.test("CrowdNotices: those who come close together are told of together", () => {
  const crowd = new CrowdNotices();
  crowd.add("ann", "joined", 0);
  assertEquals(crowd.add("ben", "joined", 10), []);
  assertEquals(crowd.add("cleo", "joined", 20), []);
  assertEquals(crowd.dueAt, 100);
  assertEquals(crowd.flush(100), [of("ben", "cleo")("joined")]);
  assertEquals([crowd.dueAt, crowd.flush(200)], [undefined, []]);
});

Deno.test("CrowdNotices: who comes and goes is told of in this order", () => {
  const crowd = new CrowdNotices();
  crowd.add("ann", "joined", 0);
  crowd.add("ben", "joined", 1);
  crowd.add("cleo", "joined", 2);
  crowd.add("ben", "left", 3);
  assertEquals(crowd.flush(100), [of("ben", "cleo")("joined"), of("ben")("left")]);
});

Deno.test("CrowdNotices: what would be told too early waits for what was before", () => {
  const crowd = new CrowdNotices();
  crowd.add("ann", "joined", 0);
  crowd.add("ann", "left", 1);
  crowd.add("ben", "joined", 2);
  assertEquals(crowd.add("ben", "left", 3), [of("ann")("left"), of("ben")("joined")]);
  assertEquals(crowd.flush(4), [of("ben")("left")]);
});

Deno.test("CrowdNotices: knows whom it has not told of", () => {
  const crowd = new CrowdNotices();
  crowd.add("ann", "joined", 0);
  crowd.add("ben", "joined", 1);
  assert(crowd.mentions("ben"));
  assertFalse(crowd.mentions("ann"));
});
