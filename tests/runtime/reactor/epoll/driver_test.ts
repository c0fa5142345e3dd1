import { callbackWaker, type Driver, epollDriver, Reactor, READABLE } from "wakeful/runtime";
import { assert, assertEquals, assertLess } from "../../../support/assert.ts";
import "../../../support/epoll.ts";
import { macrotask } from "../../../support/macrotask.ts";

/** Waits on another thread end within this. */
const PROMPT_MS = 2_000; // a busy machine is no failure; a lost wake is
const FOR_EVER = 60_000;

/** A driver that rests without a deadline, and a promise of its resumption. */
function parked() {
  const driver = epollDriver();
  const { promise, resolve } = Promise.withResolvers<void>();
  driver.park(performance.now(), Infinity, resolve);
  return { driver, resumed: promise };
}

/**
 * Rests until the deadline as a loop does, which parks once more when it finds nothing due; answers
 * how often that was.
 */
function restUntil(driver: Driver, deadline: number): Promise<number> {
  return new Promise((done) => {
    let early = 0;
    const resume = () => {
      if (performance.now() >= deadline) return done(early);
      early++;
      driver.park(performance.now(), deadline, resume);
    };
    driver.park(performance.now(), deadline, resume);
  });
}

/** How long something took. */
async function timed(work: () => unknown): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

/** Until the driver has begun its wait on another thread. */
const rest = () => new Promise((done) => setTimeout(done, 5));

Deno.test("EpollDriver: unpark resumes, before the wait has begun and while it goes on", async () => {
  for (const before of [() => {}, macrotask, rest]) {
    const { driver, resumed } = parked();
    await before();
    driver.unpark();
    driver.unpark();
    assertLess(await timed(() => resumed), PROMPT_MS);
    await driver.close();
  }
});

Deno.test("EpollDriver: an unpark between two rests is not remembered", async () => {
  const { driver, resumed } = parked();
  driver.unpark();
  await resumed;
  driver.unpark();
  let again = false;
  driver.park(performance.now(), Infinity, () => again = true);
  await rest();
  assertEquals(again, false);
  await driver.close();
});

Deno.test("EpollDriver: resumes at the deadline, and hardly ever before", async () => {
  const driver = epollDriver();
  const begin = performance.now();
  const early = await restUntil(driver, begin + 20);
  const took = performance.now() - begin;
  assert(took < 20 + PROMPT_MS, `${took} ms`);
  assert(early <= 3, `${early} times early`);
  await driver.close();
});

Deno.test("EpollDriver: a deadline beyond what the call takes does not strike at once", async () => {
  const driver = epollDriver();
  let struck = false;
  restUntil(driver, performance.now() + 2 ** 40).then(() => struck = true);
  await rest();
  assertEquals(struck, false);
  await driver.close();
});

Deno.test("EpollDriver: an earlier deadline ends a wait that was begun for a later one", async () => {
  const driver = epollDriver();
  restUntil(driver, performance.now() + FOR_EVER);
  await rest();
  const took = await timed(() => restUntil(driver, performance.now() + 10));
  assert(took >= 9 && took < 10 + PROMPT_MS, `${took} ms`);
  await driver.close();
});

Deno.test("EpollDriver: closed it resumes no more, whatever was going on", async () => {
  for (const before of [() => {}, macrotask, rest]) {
    const { driver, resumed } = parked();
    let again = false;
    resumed.then(() => again = true);
    await before();
    driver.unpark();
    const closed = driver.close();
    driver.unpark();
    assertLess(await timed(() => closed), PROMPT_MS);
    driver.unpark(); // a late one writes to no descriptor, which may be another's now
    await driver.close();
    await macrotask();
    assertEquals(again, false);
  }
});

Deno.test("EpollDriver: what a turn throws is reported, and the next turn comes", async () => {
  const reported: unknown[] = [];
  const onError = (event: ErrorEvent) => {
    event.preventDefault();
    reported.push(event.error.message);
  };
  addEventListener("error", onError);
  const driver = epollDriver();
  await new Promise<void>((done) =>
    driver.yield(() => {
      driver.yield(done);
      throw new Error("a hook has failed");
    })
  );
  removeEventListener("error", onError);
  assertEquals(reported, ["a hook has failed"]);
  await driver.close();
});

Deno.test("EpollDriver: a reactor by itself waits as long as it is told, each time", async () => {
  const reactor = new Reactor(epollDriver());
  const listener = reactor.listen({ transport: "tcp", host: "127.0.0.1", port: 0 });
  const token = reactor.register();
  let woken = 0;
  reactor.setWaker(listener.token, READABLE, callbackWaker(() => woken++));
  const client = reactor.connect(listener.localAddr);
  assertLess(await timed(() => reactor.wait(FOR_EVER)), PROMPT_MS);
  assertEquals(woken, 1);
  for (const limit of [10, 1, 20]) { // none is held up by the longer one before it
    const took = await timed(() => reactor.wait(limit));
    assert(took >= limit - 1 && took < limit + PROMPT_MS, `${took} ms`);
  }
  for (const source of [client, listener]) source.close();
  reactor.deregister(token);
  await reactor.close();
});
