import { Ajv2020 } from "ajv/2020";
import { assertEquals } from "../../../support/assert.ts";
import * as schemas from "../../../../commands/job-queue/api/schemas.ts";

function accepts(name: keyof typeof schemas, ...values: unknown[]): boolean[] {
  const isValid = new Ajv2020({ strict: false, validateFormats: false }).compile(schemas[name]);
  return values.map((value) => isValid(value));
}

Deno.test("schemas: a job carries what it likes, and options that are known", () => {
  const wrong = [{}, { type: 7 }, { type: "a", options: { prio: 1 } }, { type: "a", options: 7 }];
  assertEquals(accepts("JOB", { type: "a" }, { type: "a", file: "x", options: { delay: "1s" } }), [
    ...[true, true],
  ]);
  assertEquals(accepts("JOB", ...wrong), [false, false, false, false]);
  assertEquals(accepts("JOBS", { type: "a" }, [{ type: "a" }], [{}]), [true, true, false]);
});

Deno.test("schemas: what workers say has its epoch, and nothing that nobody knows", () => {
  const lease = { worker: "w", types: ["a"] };
  assertEquals(accepts("LEASE", lease, { worker: "w" }, { ...lease, more: 1 }), [
    true,
    false,
    false,
  ]);
  for (const name of ["ACK", "NACK", "HEARTBEAT"] as const) {
    assertEquals(accepts(name, { epoch: 1 }, { epoch: 0 }, {}, { epoch: 1, more: 1 }), [
      ...[true, false, false, false],
    ]);
  }
});

Deno.test("schemas: limits, schedules and which jobs", () => {
  const rate = { count: 1, per: "1s" };
  assertEquals(
    accepts("LIMITS", {}, { types: { a: { rate } } }, { key: { concurrency: 0 } }, { rate }),
    [true, true, false, false],
  );
  const schedule = { cron: "* * * * *", job: { type: "a" } };
  assertEquals(accepts("SCHEDULE", schedule, { cron: "* * * * *" }), [true, false]);
  assertEquals(accepts("WHICH", {}, { queue: "q" }, { id: 7 }), [true, true, false]);
});
