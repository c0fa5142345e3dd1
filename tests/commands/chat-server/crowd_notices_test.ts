import { CrowdNotices } from "../../../commands/chat-server/crowd_notices.ts";
import { assert, assertEquals, assertFalse } from "../../support/assert.ts";

const of = (...names: string[]) => (what: string) => ({ names, what });

const READERS = 500;

/** Where as much has happened as can be told of at once. */
function crowded(): CrowdNotices {
  const crowd = new CrowdNotices();
  for (let i = 1; i <= 10; i++) crowd.add(`early-${i}`, "joined", READERS, 0);
  return crowd;
}

Deno.test("CrowdNotices: what is cheap is told at once, one by one", () => {
  const crowd = new CrowdNotices();
  for (let i = 1; i <= 100; i++) {
    assertEquals(crowd.add(`${i}`, "joined", 50, 0), [of(`${i}`)("joined")]);
  }
  assertEquals(crowd.add("101", "joined", 50, 0), []);
  assertEquals(crowd.dueAt, 10);
});

Deno.test("CrowdNotices: of many who come close together is told together, in its time", () => {
  const crowd = crowded();
  for (const name of ["ann", "ben", "cleo"]) {
    assertEquals(crowd.add(name, "joined", READERS, 50), []);
  }
  assertEquals(crowd.dueAt, 100);
  assertEquals(crowd.due(READERS, 99), []);
  assertEquals(crowd.due(READERS, 100), [of("ann", "ben", "cleo")("joined")]);
  assertEquals([crowd.dueAt, crowd.due(READERS, 200)], [undefined, []]);
});

Deno.test("CrowdNotices: nobody overtakes those who were gathered", () => {
  const crowd = crowded();
  crowd.add("ann", "joined", READERS, 0);
  assertEquals(crowd.add("ben", "joined", 1, 99), []);
  assertEquals(crowd.due(READERS, 100), [of("ann", "ben")("joined")]);
});

Deno.test("CrowdNotices: where thousands read, there is a line a second at most", () => {
  const crowd = new CrowdNotices();
  assertEquals(crowd.add("ann", "joined", 20_000, 0).length, 1);
  crowd.add("ben", "joined", 20_000, 1);
  assertEquals(crowd.dueAt, 1_000);
});

Deno.test("CrowdNotices: who comes and goes is told of in this order", () => {
  const crowd = crowded();
  crowd.add("ann", "joined", READERS, 1);
  crowd.add("ben", "joined", READERS, 2);
  crowd.add("ann", "left", READERS, 3);
  assertEquals(crowd.flush(), [of("ann", "ben")("joined"), of("ann")("left")]);
});

Deno.test("CrowdNotices: what would be told too early waits for what was before", () => {
  const crowd = crowded();
  crowd.add("early-1", "left", READERS, 1);
  crowd.add("ann", "joined", READERS, 2);
  const told = crowd.add("ann", "left", READERS, 3);
  assertEquals(told, [of("early-1")("left"), of("ann")("joined")]);
  assertEquals(crowd.flush(), [of("ann")("left")]);
});

Deno.test("CrowdNotices: knows whom it has not told of", () => {
  const crowd = crowded();
  crowd.add("ann", "joined", READERS, 1);
  assert(crowd.mentions("ann"));
  assertFalse(crowd.mentions("early-1"));
});
