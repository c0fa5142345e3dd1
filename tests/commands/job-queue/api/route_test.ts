import type { Co } from "wakeful/runtime";
import type { HttpRequest } from "wakeful/net";
import { runTest } from "wakeful/testing";
import { assertEquals, assertRejects, assertThrows } from "../../../support/assert.ts";
import { bytes } from "../../../support/bytes.ts";
import type { Service } from "../../../../commands/job-queue/engine/service.ts";
import { Refusal } from "../../../../commands/job-queue/api/refusal.ts";
import { Call } from "../../../../commands/job-queue/api/route.ts";

const MAX_BODY = 100;
const JSON_TYPE = "application/json";

/** A call for that job, with that body of that type; it knows how many bytes it may be. */
function callWith(body: string | Uint8Array, type?: string, id = "7"): Call {
  const sent = typeof body === "string" ? bytes(body) : body;
  const request = {
    fields: new Map(type === undefined ? [] : [["content-type", type]]),
    head: { contentLength: sent.length, framing: { chunked: false } },
    body: {
      *bytes(most: number): Co<Uint8Array> {
        assertEquals(most, MAX_BODY);
        return sent;
      },
    },
  };
  const query = new URLSearchParams();
  return new Call({} as Service, request as never as HttpRequest, { id }, query, MAX_BODY);
}

async function refusalOf(read: () => Co<unknown>): Promise<[number, string]> {
  const { status, message } = await assertRejects(() => runTest(read), Refusal);
  return [status, message];
}

Deno.test("call: the number in the path is one that a job can have", () => {
  assertEquals(callWith("", undefined, "70").id, 70);
  for (const id of ["0", "x", "0x10", "1e3", "", "9007199254740992"]) {
    const { status } = assertThrows(
      () => callWith("", undefined, id).id,
      Refusal,
      `there is no job ${id}`,
    );
    assertEquals(status, 404);
  }
});

Deno.test("call: JSON is read whatever its type is called in full", async () => {
  for (const type of [JSON_TYPE, "application/JSON; charset=utf-8", "application/geo+json"]) {
    assertEquals(await runTest(() => callWith('{"a":1}', type).json()), { a: 1 });
  }
});

Deno.test("call: what a page elsewhere could send unasked is no JSON", async () => {
  const expected = "expected Content-Type: application/json, got";
  for (const type of ["text/plain", "application/jsonx", "text/application/json"]) {
    const refusal = await refusalOf(() => callWith("{}", type).json());
    assertEquals(refusal, [415, `${expected} ${type}`]);
  }
  assertEquals(await refusalOf(() => callWith("{}").json()), [415, `${expected} none`]);
});

Deno.test("call: what is no UTF-8, or no JSON, is refused", async () => {
  const wrong = new Uint8Array([0x22, 0xff, 0x22]);
  const refusal = await refusalOf(() => callWith(wrong, JSON_TYPE).json());
  assertEquals(refusal, [400, "the body is not UTF-8"]);
  assertEquals((await refusalOf(() => callWith("{", JSON_TYPE).json()))[0], 400);
});

Deno.test("call: where no body is needed, none is an empty object, and needs no type", async () => {
  assertEquals(await runTest(() => callWith("").jsonOrNothing()), {});
  assertEquals(await runTest(() => callWith('{"a":1}', JSON_TYPE).jsonOrNothing()), { a: 1 });
  const chunked = callWith('{"a":1}', JSON_TYPE);
  Object.assign(chunked.request.head, { contentLength: undefined });
  assertEquals(await runTest(() => chunked.jsonOrNothing()), {});
  chunked.request.head.framing.chunked = true;
  assertEquals(await runTest(() => chunked.jsonOrNothing()), { a: 1 });
});
