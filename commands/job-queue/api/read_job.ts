import { GREATEST_PRIORITY, LEAST_PRIORITY } from "../model/rank.ts";
import { type JobSpec, SPEC_DEFAULTS } from "../model/spec.ts";
import { Fields } from "./fields.ts";
import { badRequest, Refusal } from "./refusal.ts";

const MOST_AT_ONCE = 10_000;
const MOST_RETRIES = 1_000;

/** What was asked for, and whether it was one job or a list. */
export interface Asked {
  readonly specs: readonly JobSpec[];
  readonly isList: boolean;
}

/**
 * One job, or a list of them: `{"type": "resize", "file": "img.png", "options": {…}}`. What is
 * neither type nor options is the payload.
 *
 * @throws {Refusal} with what is wrong with which of them
 */
export function readJobs(body: unknown, knows: (type: string) => boolean): Asked {
  if (!Array.isArray(body)) return { specs: [readJob(body, "the job", knows)], isList: false };
  if (body.length === 0 || body.length > MOST_AT_ONCE) {
    throw badRequest(`expected 1 to ${MOST_AT_ONCE} jobs, got ${body.length}`);
  }
  const specs = body.map((one, i) => readJob(one, `job ${i + 1} of ${body.length}`, knows));
  return { specs, isList: true };
}

export function readJob(
  value: unknown,
  where: string,
  knows: (type: string) => boolean,
): JobSpec {
  const fields = new Fields(value, where);
  const type = fields.name("type");
  if (type === undefined) throw badRequest(`${where}: expected a field "type"`);
  if (!knows(type)) {
    throw new Refusal(
      422,
      "unknown-type",
      `${where}: nobody here knows the type ${type}: name it in --handlers, or let a worker ask for it`,
    );
  }
  const options = readOptions(fields.take("options") ?? {}, `${where}: options`);
  return { ...SPEC_DEFAULTS, ...options, type, payload: JSON.stringify(fields.rest()) };
}

function readOptions(value: unknown, where: string): Partial<JobSpec> {
  const fields = new Fields(value, where);
  const options = {
    queue: fields.name("queue"),
    key: fields.key("key"),
    priority: fields.whole("priority", LEAST_PRIORITY, GREATEST_PRIORITY),
    maxRetries: fields.whole("maxRetries", 0, MOST_RETRIES),
    timeout: fields.duration("timeout"),
    delay: fields.duration("delay"),
    runAt: fields.moment("runAt"),
    expires: fields.duration("expires"),
    uniqueKey: fields.key("uniqueKey"),
  };
  fields.end();
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
