import { assertEquals, assertThrows } from "../../../support/assert.ts";
import { Refusal } from "../../../../commands/job-queue/api/refusal.ts";
import type { Route } from "../../../../commands/job-queue/api/route.ts";
import { Router } from "../../../../commands/job-queue/api/router.ts";

function route(method: Route["method"], path: string): Route {
  return {
    ...{ method, path, about: "", answers: {} },
    *handle() {
      return {};
    },
  };
}

const ROUTER = new Router([
  route("GET", "/"),
  route("GET", "/jobs"),
  route("POST", "/jobs"),
  route("GET", "/jobs/{id}"),
  route("POST", "/jobs/{id}/ack"),
]);

Deno.test("router: finds by method and path, and takes out what stands in it", () => {
  const found = (method: string, path: string) => {
    const { route, params } = ROUTER.find(method, path);
    return [route.method, route.path, params];
  };
  assertEquals(found("GET", "/"), ["GET", "/", {}]);
  assertEquals(found("POST", "/jobs"), ["POST", "/jobs", {}]);
  assertEquals(found("POST", "/jobs/a%20b/ack"), ["POST", "/jobs/{id}/ack", { id: "a b" }]);
  assertEquals(found("HEAD", "/jobs/7"), ["GET", "/jobs/{id}", { id: "7" }]);
});

Deno.test("router: tells what is not there from what is not allowed", () => {
  const refusal = (method: string, path: string) => {
    const { status, fields } = assertThrows(() => ROUTER.find(method, path), Refusal);
    return [status, fields.Allow ?? ""];
  };
  assertEquals(refusal("DELETE", "/jobs"), [405, "GET, POST"]);
  for (const path of ["", "/jobs/", "/jobs/1/2", "/Jobs", "//", "/jobs/%zz"]) {
    assertEquals(refusal("GET", path), [404, ""], path);
  }
});
