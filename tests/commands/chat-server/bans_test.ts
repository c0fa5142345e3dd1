import { Bans } from "../../../commands/chat-server/bans.ts";
import { assert, assertEquals, assertFalse } from "../../support/assert.ts";

const ban = (target: string, until: number) => ({ target, until, reason: "spam" });

Deno.test("Bans: hold for names that look the same, until they are over", () => {
  const bans = new Bans();
  bans.add(ban("Bill", 100), 0);
  assertEquals(bans.of("biIl", 99)?.reason, "spam");
  assertEquals([bans.of("bill", 100), bans.of("ann", 0)], [undefined, undefined]);
});

Deno.test("Bans: one address is not another", () => {
  const bans = new Bans();
  bans.add(ban("10.0.0.1", 100), 0);
  assertEquals(bans.of("10.0.0.1", 0)?.target, "10.0.0.1");
  assertEquals(bans.of("10.0.0.11", 0), undefined);
});

Deno.test("Bans: can be lifted", () => {
  const bans = new Bans();
  bans.add(ban("ann", 100), 0);
  assert(bans.lift("ANN"));
  assertFalse(bans.lift("ann"));
  assertEquals(bans.of("ann", 0), undefined);
});

Deno.test("Bans: those that are over are forgotten", () => {
  const bans = new Bans();
  for (let i = 0; i < 100; i++) bans.add(ban(`user-${"x".repeat(i)}`, i), i);
  assertEquals(bans.size, 1);
});
