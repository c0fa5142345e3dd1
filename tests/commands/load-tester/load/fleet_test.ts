import { type Co, now, sleepUntil } from "wakeful/runtime";
import { runTest } from "wakeful/testing";
import { CancellationToken } from "wakeful/runtime";
import { Fleet } from "../../../../commands/load-tester/load/fleet.ts";
import { Schedule } from "../../../../commands/load-tester/load/schedule.ts";
import { clientOptions } from "../../../../commands/load-tester/load/setup.ts";
import { assert, assertEquals } from "../../../support/assert.ts";
import { answeringAfter, atRate, book, CLOSED, loadOn, type Seen, serving, SETUP } from "../rig.ts";

/** Times in whole milliseconds: on its way a packet takes a thousandth. */
function whole(seen: readonly Seen[], key: "due" | "begun" | "done"): number[] {
  return seen.toSorted((a, b) => a.ticket - b.ticket).map((one) => Math.round(one[key]));
}

Deno.test("fleet: closed: each client asks again when it was answered, and time cuts off", async () => {
  const passes = [{ ...CLOSED, duration: 1_005 }];
  const run = await loadOn(answeringAfter(10), { clients: 7, passes });
  assertEquals(book(run), { planned: 707, sent: 707, ok: 700, unfinished: 7 });
  assertEquals([run.elapsed, Math.round(run.oldestUnfinished)], [1_005, 5]);
  const { service, response } = run.meter.total();
  assertEquals([1, 50, 99, 100].map((p) => Math.round(service.percentile(p))), [10, 10, 10, 10]);
  assertEquals([service.count, response.count], [700, 0]);
});

Deno.test("fleet: closed: a count is what is sent, and when that is answered it is over", async () => {
  const run = await loadOn(answeringAfter(10), { clients: 4, passes: [{ ...CLOSED, count: 10 }] });
  assertEquals(book(run), { planned: 10, sent: 10, ok: 10 });
  assertEquals([Math.round(run.elapsed), run.oldestUnfinished], [30, 0]);
  assertEquals(run.seen.map(({ ticket }) => ticket).toSorted((a, b) => a - b), [
    ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  ]);
});

Deno.test("fleet: closed: with a ramp clients begin one after the other", async () => {
  const spec = { ...CLOSED, count: 8, ramp: 400 };
  const run = await loadOn(answeringAfter(1_000), { clients: 4, passes: [spec] });
  assertEquals(whole(run.seen, "begun").slice(0, 4), [0, 100, 200, 300]);
});

Deno.test("fleet: open: requests are sent when they are due, whatever the server does", async () => {
  const passes = [{ ...atRate(250), duration: 1_000 }];
  const run = await loadOn(answeringAfter(30), { clients: 20, passes });
  assertEquals(book(run), { planned: 250, sent: 250, ok: 243, unfinished: 7 });
  assertEquals(whole(run.seen, "begun"), whole(run.seen, "due"));
  assertEquals(whole(run.seen, "due").slice(0, 4), [0, 4, 8, 12]);
  assertEquals(run.meter.lag.max, 0);
});

Deno.test("fleet: open: what is due when time is up is not sent any more", async () => {
  const passes = [{ ...atRate(100), duration: 100 }];
  const run = await loadOn(answeringAfter(1), { clients: 3, passes });
  assertEquals(book(run), { planned: 10, sent: 10, ok: 10 });
  assertEquals(Math.round(run.elapsed), 100);
});

Deno.test("fleet: open: too few connections send late, and what they cannot send is counted", async () => {
  const passes = [{ ...atRate(1_000), duration: 105 }];
  const run = await loadOn(answeringAfter(10), { clients: 2, passes });
  assertEquals(book(run), { planned: 105, sent: 22, notSent: 83, ok: 20, unfinished: 2 });
  const { service, response } = run.meter.total();
  assertEquals([service.max, response.max].map(Math.round), [10, 100 - 18]);
});

/** When each request of one connection is answered by a server that stalls once. */
function model(rate: number, count: number, service: number, stall: [number, number]): number[] {
  const schedule = new Schedule(atRate(rate).stretches);
  let free = 0;
  return Array.from({ length: count }, (_, i) => {
    const begun = Math.max(schedule.due(i), free);
    free = (begun >= stall[0] && begun < stall[1] ? stall[1] : begun) + service;
    return free - schedule.due(i);
  });
}

Deno.test("fleet: open: a stall shows in all the requests that were due in it", async () => {
  const [from, to] = [300, 1_300];
  const server = (): Co<void> => {
    let start = 0;
    return serving(function* () {
      start ||= Math.floor(now());
      const at = Math.floor(now()) - start;
      yield* sleepUntil(start + (at >= from && at < to ? to : at) + 2);
      return {};
    })();
  };
  const count = 400;
  const run = await loadOn(server, { passes: [{ ...atRate(200), count }] });
  const expected = model(200, count, 2, [from, to]);
  const seen = run.seen.map(({ due, done }) => Math.round(done - due));
  assertEquals(seen, expected);
  const { service, response } = run.meter.total();
  const median = expected.toSorted((a, b) => a - b)[count / 2 - 1];
  assertEquals([service.percentile(99), response.percentile(50)].map(Math.round), [2, median]);
  assert(seen.filter((ms) => ms > 100).length > 150, "one slow answer, many late requests");
});

Deno.test("fleet: open: a ramp and steps have their own rates and their own tallies", async () => {
  const step = (rate: number) => ({ from: rate, to: rate, duration: 500 });
  const stretches = [step(20), step(40), step(10)];
  const passes = [{ ...CLOSED, stretches, duration: 1_500, bySteps: true }];
  const run = await loadOn(answeringAfter(1), { clients: 2, passes });
  assertEquals(run.meter.steps.map(({ ledger }) => [ledger.planned, ledger.ok]), [
    ...[[10, 10], [20, 20], [5, 5]],
  ]);
  assertEquals(whole(run.seen, "begun").slice(9, 12), [450, 500, 525]);
});

Deno.test("fleet: several URLs take turns", async () => {
  const urls = ["http://server/1", "http://server/2", "http://server/404"];
  const server = serving(function* ({ path }) {
    return { status: path === "/404" ? 404 : 200 };
  });
  const run = await loadOn(server, { setup: { urls }, passes: [{ ...CLOSED, count: 8 }] });
  const seen = run.meter.tallies.map(({ ledger }) => [ledger.ok, ledger.badStatus]);
  assertEquals(seen, [[3, 0], [3, 0], [0, 2]]);
  assertEquals(run.meter.connections, 1); // of the same host
});

Deno.test("fleet: when it is to stop, what is under way may finish, and no more is sent", async () => {
  const closed = await loadOn(answeringAfter(10), {
    ...{ clients: 3, stopAt: 55, passes: [{ ...CLOSED, count: 1_000 }] },
  });
  assertEquals(book(closed), { planned: 1_000, sent: 18, notSent: 982, ok: 18 });
  assertEquals(Math.round(closed.elapsed), 60);
  const open = await loadOn(answeringAfter(10), { stopAt: 55, clients: 2, passes: [atRate(100)] });
  assertEquals(book(open), { planned: 6, sent: 6, ok: 6 });
  const idle = await loadOn(answeringAfter(10), { stopAt: 50, clients: 9, passes: [atRate(0.1)] });
  assertEquals(book(idle), { planned: 1, sent: 1, ok: 1 });
  assert(idle.elapsed < 60, "nobody waits for what is due in ten seconds");
});

Deno.test("fleet: connections are kept from one run to the next, unless they were cut off", async () => {
  const pass = { ...CLOSED, count: 10 };
  const kept = await loadOn(answeringAfter(10), { clients: 2, passes: [pass, pass] });
  assertEquals([kept.meter.connections, book(kept).ok], [0, 10]);
  const cut = await loadOn(answeringAfter(10), {
    ...{ clients: 2, passes: [{ ...CLOSED, duration: 35 }, pass] },
  });
  assertEquals([cut.meter.connections, book(cut).ok], [2, 10]);
});

Deno.test("fleet: a run that is stopped before it began took no time", async () => {
  const atOnce = function* (): Co<void> {
    using fleet = new Fleet(clientOptions(SETUP), 3);
    const stop = new CancellationToken();
    stop.cancel("at once");
    const run = yield* fleet.run({ ...CLOSED, count: 5 }, stop);
    assertEquals([book(run), run.elapsed], [{ planned: 5, notSent: 5 }, 0]);
    assertEquals(fleet.progress(), { sent: 0, ended: 0, failed: 0 });
  };
  const clock = { now: () => 0.4, wall: () => 0 };
  for (let seed = 0; seed < 5; seed++) {
    await runTest(atOnce, { seed, configure: (builder) => builder.clock(clock) });
  }
});
