import { assertEquals } from "../../../support/assert.ts";
import {
  badRequest,
  conflict,
  notFound,
  unavailable,
} from "../../../../commands/job-queue/api/refusal.ts";

Deno.test("refusal: each has its status and its word, and says when to come again where it may", () => {
  const refusals = [
    badRequest("no"),
    notFound("no"),
    conflict("no"),
    unavailable("full", "no"),
    unavailable("unavailable", "no"),
  ];
  assertEquals(refusals.map(({ status, code, fields }) => [status, code, fields]), [
    [400, "bad-request", {}],
    [404, "not-found", {}],
    [409, "conflict", {}],
    [503, "full", { "Retry-After": "1" }],
    [503, "unavailable", { "Retry-After": "1" }],
  ]);
  assertEquals(refusals.every(({ message }) => message === "no"), true);
});
