import { AF_INET, EPOLLHUP, SOCK_STREAM } from "../../../../runtime/reactor/epoll/libc.ts";
import { type Pollable, Poller } from "../../../../runtime/reactor/epoll/poller.ts";
import { newSocket } from "../../../../runtime/reactor/epoll/socket.ts";
import { assert, assertEquals, assertLess } from "../../../support/assert.ts";
import { libc } from "../../../support/epoll.ts";

const FOR_EVER = 60_000;

/** A descriptor whose events go to `onEvents`; unconnected, so it is told at once of a hang-up. */
function hungUp(poller: Poller, onEvents: (bits: number) => void): Pollable & { fd: number } {
  const fd = newSocket(AF_INET, SOCK_STREAM);
  return poller.add(fd, (generation) => ({ generation, fd, onEvents }));
}

Deno.test("Poller: an event goes to its descriptor's owner, once", () => {
  const poller = new Poller();
  const seen: number[] = [];
  const { fd } = hungUp(poller, (bits) => seen.push(bits));
  poller.collect(0);
  poller.collect(0);
  assertEquals(seen.length, 1);
  assert(seen[0] & EPOLLHUP);
  poller.close(fd);
  poller.end();
});

Deno.test("Poller: a descriptor that was handed over has another owner from then on", () => {
  const poller = new Poller();
  const seen: string[] = [];
  const { fd, generation } = hungUp(poller, () => seen.push("first"));
  poller.handOver(fd, { generation, onEvents: () => seen.push("second") });
  poller.collect(0);
  assertEquals(seen, ["second"]);
  poller.close(fd);
  poller.end();
});

Deno.test("Poller: a descriptor closed among the events of one look is told nothing", () => {
  const poller = new Poller();
  const seen: string[] = [];
  const first = hungUp(poller, () => {
    seen.push("first");
    poller.close(second.fd);
  });
  const second = hungUp(poller, () => seen.push("second"));
  poller.collect(0);
  assertEquals(seen, ["first"]);
  poller.close(first.fd);
  poller.end();
});

Deno.test("Poller: an owner that throws is reported, and keeps no event from the others", () => {
  const poller = new Poller();
  const seen: string[] = [];
  const onError = (event: ErrorEvent) => {
    event.preventDefault();
    seen.push(event.error.message);
  };
  addEventListener("error", onError);
  const first = hungUp(poller, () => {
    throw new Error("a bad owner");
  });
  const second = hungUp(poller, () => seen.push("second"));
  poller.collect(0);
  removeEventListener("error", onError);
  assertEquals(seen, ["a bad owner", "second"]);
  for (const { fd } of [first, second]) poller.close(fd);
  poller.end();
});

Deno.test("Poller: what a wait has brought is handed out by the next look, not before", async () => {
  const poller = new Poller();
  let seen = 0;
  const { fd } = hungUp(poller, () => seen++);
  await poller.wait(FOR_EVER);
  assertEquals(seen, 0);
  poller.collect(0);
  assertEquals(seen, 1);
  poller.close(fd);
  poller.end();
});

Deno.test("Poller: a wake ends the wait that goes on, or the next one", async () => {
  const poller = new Poller();
  const begin = performance.now();
  poller.wake();
  await poller.wait(FOR_EVER);
  poller.collect(0); // takes the wake
  const waiting = poller.wait(FOR_EVER);
  poller.wake();
  await waiting;
  assertLess(performance.now() - begin, FOR_EVER / 2);
  poller.end();
});

Deno.test("Poller: another thread ends a wait by writing to the wake descriptor", async () => {
  const poller = new Poller();
  const url = new URL("../../../support/wake_fd_worker.ts", import.meta.url);
  const worker = new Worker(url, { type: "module" });
  const begin = performance.now();
  const waiting = poller.wait(FOR_EVER);
  worker.postMessage(poller.wakeFd);
  await waiting;
  assertLess(performance.now() - begin, FOR_EVER / 2);
  assertEquals(poller.collect(0), 1);
  worker.terminate();
  poller.end();
});

Deno.test("Poller: a wait takes no longer than it is told", async () => {
  const poller = new Poller();
  await poller.wait(1);
  assertEquals(poller.collect(0), 0);
  assertEquals(libc.read(poller.wakeFd, new Uint8Array(8), 8), -1); // nobody woke it
  poller.end();
});
