import { Parker } from "wakeful/runtime";
import { assert, assertEquals, assertFalse, assertStrictEquals } from "../../support/assert.ts";

Deno.test("Parker: an unpark before the park lets it go on at once", () => {
  const parker = new Parker();
  parker.unpark();
  assert(parker.park());
});

Deno.test("Parker: it is a token, not a count: many unparks let one park go on", () => {
  const parker = new Parker();
  for (let i = 0; i < 3; i++) parker.unpark();
  assert(parker.park(0));
  assertFalse(parker.park(0));
});

Deno.test("Parker: a park that nobody ends says so when its limit has passed", () => {
  const parker = new Parker();
  const before = performance.now();
  assertFalse(parker.park(5));
  assert(performance.now() - before >= 4);
});

Deno.test("Parker: one made from the buffer of another shares its token", () => {
  const parker = new Parker();
  const other = new Parker(parker.buffer);
  assertStrictEquals(other.buffer, parker.buffer);
  other.unpark();
  assert(parker.park(0));
  assertFalse(other.park(0));
});

Deno.test("Parker: its wakers unpark, by value and by reference, and dropping one does not", () => {
  const parker = new Parker();
  const waker = parker.waker();
  waker.clone().drop();
  assertFalse(parker.park(0));
  waker.wakeByRef();
  assert(parker.park(0));
  waker.clone().wake();
  assertEquals([parker.park(0), parker.park(0)], [true, false]);
  assert(waker.willWake(parker.waker()));
});
