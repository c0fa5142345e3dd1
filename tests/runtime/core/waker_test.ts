import { callbackWaker, countingWaker, Misuse, noopWaker, Waker } from "wakeful/runtime";
import { storeWaker } from "../../../runtime/core/waker.ts";
import {
  assert,
  assertEquals,
  assertFalse,
  assertStrictEquals,
  assertThrows,
} from "../../support/assert.ts";

/** Every call that reaches the table, with the data it was made for. */
function spyWaker(): { waker: Waker; calls: string[] } {
  const calls: string[] = [];
  const note = (call: string) => (data: string) => void calls.push(`${call} ${data}`);
  const waker = Waker.fromRaw("task", {
    clone: note("clone"),
    wake: note("wake"),
    wakeByRef: note("wakeByRef"),
    drop: note("drop"),
  });
  return { waker, calls };
}

Deno.test("Waker: each operation reaches its own function of the table", () => {
  const { waker, calls } = spyWaker();
  const other = waker.clone();
  other.wakeByRef();
  other.wake();
  waker.drop();
  assertEquals(calls, ["clone task", "wakeByRef task", "wake task", "drop task"]);
});

Deno.test("Waker: clone takes a handle, wake and drop give it back, wakeByRef keeps it", () => {
  const { waker, count } = countingWaker();
  const [a, b] = [waker.clone(), waker.clone()];
  assertEquals(count, { wakes: 0, handles: 3 });
  a.wakeByRef();
  assertEquals(count, { wakes: 1, handles: 3 });
  a.wake();
  assertEquals(count, { wakes: 2, handles: 2 });
  b.drop();
  waker.drop();
  assertEquals(count, { wakes: 2, handles: 0 });
});

for (const end of ["wake", "drop"] as const) {
  for (const use of ["clone", "wake", "wakeByRef"] as const) {
    Deno.test(`Waker: ${use}() after ${end}() is an error`, () => {
      const { waker, count } = countingWaker();
      waker[end]();
      const before = { ...count };
      assertThrows(() => waker[use](), Misuse, "clone it first");
      assertEquals(count, before);
    });
  }

  Deno.test(`Waker: drop() after ${end}() does nothing`, () => {
    const { waker, count } = countingWaker();
    waker[end]();
    waker.drop();
    assertEquals(count.handles, 0);
  });
}

Deno.test("Waker: a using declaration gives the handle back", () => {
  const { waker, count } = countingWaker();
  {
    using _handle = waker.clone();
    assertEquals(count.handles, 2);
  }
  assertEquals(count.handles, 1);
});

Deno.test("Waker: willWake tells handles of one task from those of another", () => {
  const [one, two] = [countingWaker().waker, countingWaker().waker];
  assert(one.willWake(one.clone()));
  assertFalse(one.willWake(two));
  const shared = {};
  const table = () => ({ clone() {}, wake() {}, wakeByRef() {}, drop() {} });
  assertFalse(Waker.fromRaw(shared, table()).willWake(Waker.fromRaw(shared, table())));
});

Deno.test("storeWaker: keeps the stored handle when it wakes the same task", () => {
  const { waker, count } = countingWaker();
  const stored = storeWaker(undefined, waker);
  assertStrictEquals(storeWaker(stored, waker), stored);
  assertEquals(count.handles, 2);
});

Deno.test("storeWaker: gives the stored handle back when another task comes", () => {
  const [one, two] = [countingWaker(), countingWaker()];
  const stored = storeWaker(undefined, one.waker);
  assert(storeWaker(stored, two.waker).willWake(two.waker));
  assertEquals([one.count.handles, two.count.handles], [1, 2]);
  assertEquals([one.count.wakes, two.count.wakes], [0, 0]);
});

Deno.test("noopWaker: may be cloned, woken and dropped, and nothing comes of it", () => {
  const waker = noopWaker();
  waker.clone().wake();
  waker.wakeByRef();
  assert(waker.willWake(noopWaker()));
  waker.drop();
});

Deno.test("callbackWaker: calls at each wake, whichever handle, and not for clone or drop", () => {
  let calls = 0;
  const waker = callbackWaker(() => calls++);
  waker.clone().drop();
  assertEquals(calls, 0);
  waker.clone().wake();
  waker.wakeByRef();
  assertEquals(calls, 2);
});
