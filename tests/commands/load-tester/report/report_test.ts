import Ajv2020 from "ajv/2020";
import SCHEMA from "../../../../commands/load-tester/report/report.schema.json" with {
  type: "json",
};
import { FAILURE_CLASSES } from "../../../../commands/load-tester/measure/failure_class.ts";
import { type Report, SCHEMA_NAME } from "../../../../commands/load-tester/report/report.ts";
import { assert, assertEquals } from "../../../support/assert.ts";
import { figures, report, run, summaryOf } from "../reports.ts";

const validate = new Ajv2020.default({ strict: true, allErrors: true }).compile(SCHEMA);

/** What the schema has against a report, as it is printed. */
function complaints(value: Report): string[] {
  validate(JSON.parse(JSON.stringify(value)));
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

const SLICES = [{ ok: 10, failed: 1 }, { ok: 12 }];
const { ledger } = figures();

const FULL = report({
  mode: "capacity",
  settings: {
    ...{ concurrency: 5, threads: 2, driver: "epoll", requests: 10, durationMs: 1_000, rate: 0.5 },
    ...{ steps: { rates: [1, 2], eachMs: 10 }, rampMs: 5, timeoutMs: 7, keepAlive: false },
  },
  runs: [
    run({
      response: summaryOf(1, 2),
      perUrl: [{ url: "http://a/", ...figures() }],
      perStep: [{ rate: 1, ...figures({ response: summaryOf(3) }) }],
      ledger: {
        ...ledger,
        errors: FAILURE_CLASSES.map((name) => ({ class: name, count: 1, first: "x" })),
      },
      phases: { connect: null, tls: summaryOf(1), firstByte: null, transfer: null },
    }, SLICES),
  ],
  goals: [{ goal: "p99<1ms", value: 0.5, met: true }],
  capacity: {
    ...{ goal: "p99<1ms", rate: 5, failedAt: 6, confirmed: { met: 2, of: 3 } },
    probes: [{ rate: 5, met: true, keptUp: true, value: 0.1, throughput: 5 }],
  },
  comparison: {
    basis: "pieces",
    differences: [{ metric: "errors", before: 0, after: 1, noise: 0, judgement: "worse" }],
  },
});

Deno.test("schema: it describes small reports and full ones", () => {
  assertEquals(complaints(report()), []);
  assertEquals(complaints(FULL), []);
  const found = { ...FULL.capacity!, rate: 0, failedAt: null };
  assertEquals(complaints({ ...FULL, capacity: found }), []);
});

Deno.test("schema: everything in a report has to be there, and nothing else may", () => {
  const paths = new Map<string, string[]>();
  const walk = (value: unknown, path: string[]) => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      const here = [...path, key];
      if (!Array.isArray(value)) paths.set(here.join("/"), here);
      walk(inner, here);
    }
  };
  const plain = JSON.parse(JSON.stringify(FULL));
  walk(plain, []);
  assert(paths.size > 150, `${paths.size}`);
  const optional = ["capacity", "comparison", "requests", "durationMs", "rate", "steps"];
  for (const path of paths.values()) {
    const name = path.at(-1)!;
    const isOptional = path.length === 1 ? optional.includes(name) : path[0] === "settings" &&
      optional.includes(name);
    if (isOptional || path.includes("statusCodes")) continue;
    const copy = structuredClone(plain);
    const parent = path.slice(0, -1).reduce((value, key) => value[key], copy);
    const kept = parent[name];
    delete parent[name];
    assert(complaints(copy).length > 0, `without ${path.join("/")}`);
    parent[name] = kept;
    parent[`${name}X`] = 1;
    assert(complaints(copy).length > 0, `with another ${path.join("/")}`);
  }
});

Deno.test("schema: figures are figures", () => {
  const wrong: Partial<Report>[] = [
    { schema: "wakeful-load-tester/2" as typeof SCHEMA_NAME },
    { mode: "sideways" as "open" },
    { runs: [] },
    { urls: [] },
    { runs: [run({ durationMs: -1 })] },
    { runs: [run({ ledger: { ...ledger, sent: 1.5 } })] },
    { runs: [run({ statusCodes: { fine: 1 } })] },
  ];
  for (const changes of wrong) {
    assert(complaints(report(changes)).length > 0, JSON.stringify(changes).slice(0, 80));
  }
});

Deno.test("schema: its name is that of the reports", () => {
  assertEquals(SCHEMA.properties.schema.const, SCHEMA_NAME);
});
