import { sleep, spawn } from "wakeful/runtime";
import { serve, TcpListener } from "wakeful/net";
import { Runtime } from "wakeful/runtime";
import { assertEquals, assertRejects } from "../../../support/assert.ts";
import { BUILT_IN } from "../../../../commands/job-queue/engine/built_in.ts";
import {
  Fatal,
  type HandlerFunction,
  type JobContext,
} from "../../../../commands/job-queue/engine/handler.ts";

const NO_CONTEXT = {} as JobContext;

function handler(type: string): HandlerFunction {
  const found = BUILT_IN.get(type);
  if (found?.where !== "here") throw new Error(`${type} does not run here`);
  return found.run;
}

/** What `http` makes of a path of a small server, and of what else is asked of it. */
async function fetched(path: string, more: object = {}): Promise<unknown> {
  await using runtime = Runtime.builder().enableAll().build();
  return await runtime.blockOn(function* () {
    using listener = yield* TcpListener.bind({ port: 0 });
    using _serving = spawn(() =>
      serve(listener, function* ({ path }) {
        yield* sleep(1);
        return { status: Number(path.slice(1)), body: "12345" };
      })
    ).abortOnDrop();
    const url = `http://127.0.0.1:${listener.localAddr.port}${path}`;
    return yield* handler("http")({ url, ...more }, NO_CONTEXT) as Generator<void, unknown, void>;
  });
}

Deno.test("built-in http: answers status and size", async () => {
  assertEquals(await fetched("/200"), { status: 200, bytes: 5 });
  assertEquals(await fetched("/302"), { status: 302, bytes: 5 });
});

Deno.test("built-in http: what may be better the next time fails, the rest for good", async () => {
  for (const status of [500, 503, 429, 408]) {
    const error = await assertRejects(() => fetched(`/${status}`), Error, `answered ${status}`);
    assertEquals(error instanceof Fatal, false);
  }
  for (const status of [400, 404]) await assertRejects(() => fetched(`/${status}`), Fatal);
});

Deno.test("built-in http: what is no URL of it is refused for good", async () => {
  await using runtime = Runtime.builder().enableAll().build();
  for (const url of [undefined, 7, "nonsense", "file:///etc/passwd"]) {
    const run = () => handler("http")({ url }, NO_CONTEXT) as Generator<void, unknown, void>;
    await assertRejects(() => runtime.blockOn(run), Fatal, "expected a url");
  }
});

Deno.test("built-in http: what is no request is refused for good, with what is expected", async () => {
  const cases: [object, string][] = [
    [{ headers: 5 }, "expected headers"],
    [{ headers: ["Accept"] }, "expected headers"],
    [{ headers: null }, "expected headers"],
    [{ headers: { Accept: 5 } }, "expected headers"],
    [{ headers: { "a b": "x" } }, "Expected a field name to be a token"],
    [{ headers: { a: "x\r\ny: z" } }, "Expected the value of a to have no control characters"],
    [{ method: 5 }, "expected a method"],
    [{ method: "" }, "Expected a method to be a token"],
    [{ body: { a: 1 } }, "expected a body that is text"],
  ];
  for (const [more, message] of cases) {
    const error = await assertRejects(() => fetched("/200", more), Fatal, message);
    assertEquals(error.message.startsWith("http: "), true, error.message);
  }
  const all = { method: "POST", headers: { Accept: "*/*" }, body: "text" };
  assertEquals(await fetched("/200", all), { status: 200, bytes: 5 });
});

Deno.test("built-in delay: what is no number is refused for good", async () => {
  await using runtime = Runtime.builder().enableAll().build();
  for (const ms of ["10", -1, NaN, null]) {
    const run = () => handler("delay")({ ms }, NO_CONTEXT) as Generator<void, unknown, void>;
    await assertRejects(() => runtime.blockOn(run), Fatal, "expected a number of ms");
  }
});
