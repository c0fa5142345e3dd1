import { assertEquals } from "../../../support/assert.ts";
import {
  jsonAnswer,
  refusalAnswer,
  serverRefusal,
  textAnswer,
} from "../../../../commands/job-queue/api/answers.ts";
import { unavailable } from "../../../../commands/job-queue/api/refusal.ts";

const FIELDS = {
  "Content-Type": "application/json",
  "Cache-Control": "no-store",
  "X-Content-Type-Options": "nosniff",
};

Deno.test("answers: JSON is a line, kept by nobody", () => {
  assertEquals(jsonAnswer({ id: 7 }), { status: 200, fields: FIELDS, body: '{"id":7}\n' });
  const fields = { ...FIELDS, Location: "/jobs/7" };
  assertEquals(jsonAnswer([], 202, { Location: "/jobs/7" }), { status: 202, fields, body: "[]\n" });
});

Deno.test("answers: text has its own type", () => {
  const fields = { ...FIELDS, "Content-Type": "text/plain" };
  assertEquals(textAnswer("text/plain", "hello"), { fields, body: "hello" });
});

Deno.test("answers: a refusal is a word and a sentence, with the fields it has", () => {
  assertEquals(refusalAnswer(unavailable("full", "it is full")), {
    ...{ status: 503, fields: { ...FIELDS, "Retry-After": "1" } },
    body: '{"error":"full","message":"it is full"}\n',
  });
});

Deno.test("answers: what the server refuses by itself looks the same", () => {
  const word = (status: number) => JSON.parse(serverRefusal(status, "no").body as string).error;
  assertEquals([400, 408, 413, 431, 500].map(word), [
    ...["bad-request", "timeout", "too-large", "bad-request", "internal"],
  ]);
  assertEquals(serverRefusal(413, "no"), {
    ...{ status: 413, fields: FIELDS, body: '{"error":"too-large","message":"no"}\n' },
  });
});
