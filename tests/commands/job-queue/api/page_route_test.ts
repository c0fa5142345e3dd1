import { assertEquals, assertStringIncludes } from "../../../support/assert.ts";
import { pageRoute } from "../../../../commands/job-queue/api/page_route.ts";
import type { Call } from "../../../../commands/job-queue/api/route.ts";

Deno.test("page route: the page asks nobody but the server it came from", () => {
  const page = Deno.readFileSync("commands/job-queue/page/index.html");
  const { value } = pageRoute(() => page).handle({} as Call).next();
  const { fields, body } = value as { fields: Record<string, string>; body: Uint8Array };
  assertStringIncludes(fields["Content-Security-Policy"], "default-src 'none'");
  assertStringIncludes(fields["Content-Security-Policy"], "connect-src 'self'");
  const text = new TextDecoder().decode(body);
  assertEquals(text.match(/\b(?:src|href)="(?!data:)[^"]*"|https?:\/\/(?!www\.w3\.org)/g), null);
});
