import { TooLong } from "../../../commands/chat-server/line_cutter.ts";
import { readRequest, wordOf } from "../../../commands/chat-server/protocol.ts";
import { assert, assertEquals, assertStringIncludes } from "../../support/assert.ts";

const commandOf = (line: string) => readRequest(line, 100).command;

function complaintAbout(line: string): string {
  const command = commandOf(line);
  assert(command?.kind === "wrong", JSON.stringify(command));
  return command.complaint;
}

Deno.test("readRequest: what does not begin with / is said as it is", () => {
  assertEquals(readRequest("  hello / you", 100), {
    command: { kind: "say", text: "  hello / you" },
    cost: 1,
  });
});

Deno.test("readRequest: // says a line that begins with /", () => {
  assertEquals(commandOf("//help me"), { kind: "say", text: "/help me" });
});

Deno.test("readRequest: a blank line asks for nothing, and costs little", () => {
  assertEquals(readRequest("  ", 100), { command: undefined, cost: 0.1 });
});

Deno.test("readRequest: a line that was too long is refused, with the limit", () => {
  const { command } = readRequest(TooLong, 100);
  assertEquals(command, {
    kind: "wrong",
    complaint: "your line was not sent: it is longer than 100 bytes",
  });
});

Deno.test("readRequest: words in any case, with any blanks", () => {
  assertEquals(commandOf("/NICK   ann  "), { kind: "nick", name: "ann" });
  assertEquals(commandOf("/msg  ann   hi  there "), {
    kind: "msg",
    name: "ann",
    text: "hi  there",
  });
});

Deno.test("readRequest: an unknown command is answered with the nearest one", () => {
  assertStringIncludes(complaintAbout("/jion x"), "did you mean /join?");
  assertStringIncludes(complaintAbout("/xyzzy"), "/help lists the commands");
  assertStringIncludes(complaintAbout("/"), "there is no command /;");
  assertStringIncludes(complaintAbout("/constructor"), "there is no command /constructor");
});

Deno.test("readRequest: a command that is not used as it should is answered with its usage", () => {
  const wrong = ["/nick", "/nick a b", "/me", "/msg ann", "/join", "/history x", "/shutdown soon"];
  for (const line of wrong) assertStringIncludes(complaintAbout(line), "usage: /", line);
});

Deno.test("readRequest: what reaches or asks more costs more", () => {
  const cost = (line: string) => readRequest(line, 100).cost;
  assert(cost("/nick ann") > cost("/who") && cost("/who") > cost("hello"));
});

Deno.test("wordOf: knows commands only", () => {
  assertEquals([wordOf("nick")?.usage, wordOf("toString")], ["/nick NAME", undefined]);
});
