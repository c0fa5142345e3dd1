import { type Co, sleep } from "wakeful/runtime";
import { assertEquals } from "../../../support/assert.ts";
import type { JobContext } from "../../../../commands/job-queue/engine/handler.ts";
import { jobSpec } from "../../../../commands/job-queue/model/spec.ts";
import { withService } from "../service_rig.ts";

Deno.test("job routes: all that are not over can be cancelled, or those of a queue or a type", () => {
  const ended: unknown[] = [];
  const handlers = {
    *wait(_: unknown, { token }: JobContext): Co<void> {
      token.subscribe(() => ended.push(token.reason));
      yield* sleep(60_000);
    },
  };
  return withService({ handlers, options: { workers: 1 } }, function* (rig) {
    const ids = [yield* rig.add("wait"), yield* rig.add("noop", {}, { delay: "1h" })];
    ids.push(yield* rig.add("noop", {}, { queue: "q" }));
    const cancel = function* (which: object) {
      return (yield* rig.ask("POST", "/jobs/cancel", which)).body;
    };
    assertEquals((yield* rig.ask("POST", "/jobs/cancel")).status, 415); // not by mistake
    assertEquals(yield* cancel({ type: "other" }), { cancelled: 0 });
    assertEquals(yield* cancel({ queue: "q" }), { cancelled: 1 });
    assertEquals(yield* cancel({}), { cancelled: 2 });
    yield* sleep(1_100);
    for (const id of ids) assertEquals((yield* rig.job(id)).state, "cancelled");
    assertEquals(ended, ["cancelled"]);
  });
});

Deno.test("job routes: a job is cancelled where it waits, and told to end where it runs", () =>
  withService({ options: { workers: 1 } }, function* (rig) {
    const [running, waiting] = [yield* rig.add("delay", { ms: 60_000 }), yield* rig.add("noop")];
    assertEquals((yield* rig.ask("DELETE", `/jobs/${waiting}`)).status, 200);
    assertEquals((yield* rig.ask("DELETE", `/jobs/${running}`)).status, 202);
    yield* sleep(1_100);
    assertEquals((yield* rig.job(running)).state, "cancelled");
    assertEquals((yield* rig.ask("DELETE", `/jobs/${running}`)).body.error, "conflict");
  }));

Deno.test("job routes: the dead are listed, and can be retried one by one or all", () => {
  let isBroken = true;
  const handlers = {
    flaky: () => {
      if (isBroken) throw Object.assign(new Error("broken"), { fatal: true });
    },
  };
  return withService({ handlers }, function* (rig) {
    const ids = [yield* rig.add("flaky"), yield* rig.add("flaky"), yield* rig.add("flaky")];
    yield* sleep(10);
    const { body } = yield* rig.ask("GET", "/dead");
    assertEquals(body.jobs.map(({ id }: { id: number }) => id), ids.toReversed());
    assertEquals((yield* rig.job(ids[0])).failures[0].error, "broken");
    isBroken = false;
    assertEquals((yield* rig.ask("POST", `/jobs/${ids[0]}/retry`)).status, 200);
    assertEquals((yield* rig.ask("POST", "/dead/retry", { type: "other" })).body, { retried: 0 });
    assertEquals((yield* rig.ask("POST", "/dead/retry")).body, { retried: 2 });
    yield* sleep(10);
    for (const id of ids) assertEquals((yield* rig.job(id)).state, "completed");
    assertEquals((yield* rig.ask("POST", `/jobs/${ids[0]}/retry`)).status, 409);
  });
});

Deno.test("job routes: all dead are all of them, however many they are", () => {
  const settings = { maxPending: Infinity };
  return withService({ options: { workers: 0 }, settings }, function* (rig) {
    const specs = Array.from({ length: 10_001 }, () => jobSpec("noop", { maxRetries: 0 }));
    yield* rig.service.enqueue(specs);
    const { keeper } = rig.service;
    const claim = { worker: "w", lease: 1_000, types: ["noop"] };
    yield* keeper.claim(claim, 0, () => specs.length);
    yield* keeper.do<"recover">({ kind: "recover", worker: "w" });
    assertEquals((yield* rig.ask("POST", "/dead/retry")).body, { retried: specs.length });
    assertEquals((yield* rig.ask("GET", "/status")).body.dead, 0);
  });
});

Deno.test("job routes: a list goes on where the page before has ended", () =>
  withService({ options: { workers: 0 } }, function* (rig) {
    for (let i = 0; i < 5; i++) yield* rig.add("noop", {}, { queue: i < 3 ? "a" : "b" });
    const ids = function* (target: string) {
      const { jobs, next } = (yield* rig.ask("GET", target)).body;
      return [...jobs.map(({ id }: { id: number }) => id), next];
    };
    assertEquals(yield* ids("/jobs?limit=2"), [5, 4, 4]);
    assertEquals(yield* ids("/jobs?limit=2&after=4&state=pending"), [3, 2, 2]);
    assertEquals(yield* ids("/jobs?queue=b"), [5, 4, undefined]);
  }));
