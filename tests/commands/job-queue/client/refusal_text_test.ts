import { Refused } from "../../../../commands/job-queue/client/queue_client.ts";
import { refusalText } from "../../../../commands/job-queue/client/refusal_text.ts";
import { assertEquals } from "../../../support/assert.ts";

Deno.test("refusal text: what the server said, and where a token goes that it asks for", () => {
  assertEquals(refusalText(new Refused(404, "not-found", "no such job")), "no such job");
  assertEquals(
    refusalText(new Refused(401, "unauthorized", "who are you")),
    "who are you; give it with --token, or as WAKEFUL_JOB_QUEUE_TOKEN",
  );
});
