import { assertEquals, assertThrows } from "../../../support/assert.ts";
import { checkOrigin } from "../../../../commands/job-queue/api/origin.ts";
import { Refusal } from "../../../../commands/job-queue/api/refusal.ts";

const HOST: [string, string] = ["host", "Queue:8080"];

function check(method: string, ...fields: [string, string][]): void {
  checkOrigin(method, new Map([HOST, ...fields]));
}

function assertRefused(method: string, ...fields: [string, string][]): void {
  const message = "a page elsewhere may change nothing here";
  const { status } = assertThrows(() => check(method, ...fields), Refusal, message);
  assertEquals(status, 403);
}

Deno.test("origin: programs, the page itself and whoever types an address may do anything", () => {
  check("POST");
  check("POST", ["origin", "http://queue:8080"]);
  check("DELETE", ["origin", "https://queue:8080"]); // a proxy in between speaks TLS
  check("PUT", ["sec-fetch-site", "same-origin"], ["origin", "https://elsewhere"]); // or has a name
  check("POST", ["sec-fetch-site", "none"]);
});

Deno.test("origin: a page elsewhere changes nothing, whatever its browser says of it", () => {
  for (const method of ["POST", "PUT", "DELETE"]) {
    assertRefused(method, ["origin", "http://evil.example"]);
    assertRefused(method, ["origin", "http://queue:8081"]);
    assertRefused(method, ["origin", "null"]);
    assertRefused(method, ["sec-fetch-site", "cross-site"]);
    assertRefused(method, ["sec-fetch-site", "same-site"], ["origin", "http://queue:8081"]);
  }
});

Deno.test("origin: it may look, as far as its browser lets it", () => {
  for (const method of ["GET", "HEAD"]) {
    check(method, ["sec-fetch-site", "cross-site"], ["origin", "http://evil.example"]);
  }
});
