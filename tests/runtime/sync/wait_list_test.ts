import { countingWaker } from "wakeful/runtime";
import { WaitList } from "../../../runtime/sync/wait_list.ts";
import { assert, assertEquals, assertFalse, assertThrows } from "../../support/assert.ts";

/** A list with three who wait, and a waker each. */
function three() {
  const list = new WaitList<string>();
  const members = ["a", "b", "c"].map((name) => {
    const { waker, count } = countingWaker();
    return { count, node: list.join(name, waker) };
  });
  const wakes = () => members.map(({ count }) => count.wakes);
  const handles = () => members.map(({ count }) => count.handles - 1);
  return { list, nodes: members.map(({ node }) => node), wakes, handles };
}

/** Who stands in the list, by notifying each in turn. */
function drained(list: WaitList<string>): string {
  let names = "";
  for (let first = list.first; first !== undefined; first = list.first) {
    names += first.value;
    first.notify();
  }
  return names;
}

Deno.test("WaitList: first come, first served", () => {
  const { list, wakes, handles } = three();
  assertEquals([list.length, list.first?.value], [3, "a"]);
  list.first!.notify();
  assertEquals([wakes(), handles()], [[1, 0, 0], [0, 1, 1]]);
  assertEquals([drained(list), list.length, list.first], ["bc", 0, undefined]);
});

for (const [index, rest] of [[0, "bc"], [1, "ac"], [2, "ab"]] as const) {
  Deno.test(`WaitList: number ${index} of three leaves without being woken`, () => {
    const { list, nodes, wakes, handles } = three();
    assert(nodes[index].leave());
    assertFalse(nodes[index].waiting);
    assertEquals([list.length, handles()[index]], [2, 0]);
    assertEquals(drained(list), rest);
    assertEquals(wakes()[index], 0);
  });
}

Deno.test("WaitList: after the last has left one can join again", () => {
  const { list, nodes } = three();
  for (const node of nodes) node.leave();
  assertEquals([list.length, list.first], [0, undefined]);
  list.join("d", countingWaker().waker);
  list.join("e", countingWaker().waker);
  assertEquals(drained(list), "de");
});

Deno.test("WaitNode: leaving answers false when it was notified, or had left", () => {
  const { nodes, handles } = three();
  nodes[0].notify();
  assertFalse(nodes[0].leave());
  nodes[1].leave();
  assertFalse(nodes[1].leave());
  assertEquals(handles(), [0, 0, 1]);
});

Deno.test("WaitNode: the waker of its latest poll is the one that is woken", () => {
  const { nodes, wakes, handles } = three();
  const later = countingWaker();
  nodes[0].refresh(later.waker);
  assertEquals([handles()[0], later.count.handles], [0, 2]);
  nodes[0].notify();
  assertEquals([wakes()[0], later.count.wakes, later.count.handles], [0, 1, 1]);
});

Deno.test("WaitNode: notifying twice is a bug and says so", () => {
  const { nodes } = three();
  nodes[0].notify();
  assertThrows(() => nodes[0].notify());
});

Deno.test("WaitList: notifyAll wakes those who wait now, not those who join meanwhile", () => {
  const list = new WaitList<string>();
  const late = countingWaker();
  const { waker, count } = countingWaker();
  const rejoin = { ...countingWaker() };
  list.join("a", waker);
  const node = list.join("b", rejoin.waker);
  const notify = node.notify.bind(node);
  node.notify = () => {
    notify();
    list.join("late", late.waker);
  };
  list.notifyAll();
  assertEquals([count.wakes, rejoin.count.wakes, late.count.wakes], [1, 1, 0]);
  assertEquals(list.first?.value, "late");
});
