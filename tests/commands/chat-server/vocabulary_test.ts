import { type Command, VOCABULARY } from "../../../commands/chat-server/vocabulary.ts";
import { assert, assertEquals, assertStringIncludes } from "../../support/assert.ts";

const READ: [string, string, Command][] = [
  ["join", "#garden", { kind: "join", name: "garden" }],
  ["history", "", { kind: "history", count: 10 }],
  ["history", "7", { kind: "history", count: 7 }],
  ["quit", "so long", { kind: "quit", text: "so long" }],
  ["kick", "ann", { kind: "kick", name: "ann", text: "" }],
  ["kick", "ann being rude", { kind: "kick", name: "ann", text: "being rude" }],
  ["mute", "ann", { kind: "mute", name: "ann", lasting: 600_000, text: "" }],
  ["mute", "ann 5m", { kind: "mute", name: "ann", lasting: 300_000, text: "" }],
  ["ban", "10.0.0.1 2h spam", { kind: "ban", name: "10.0.0.1", lasting: 7_200_000, text: "spam" }],
  ["ban", "ann spam", { kind: "ban", name: "ann", lasting: 3_600_000, text: "spam" }],
  ["shutdown", "30s", { kind: "shutdown", delay: 30_000, text: "" }],
  ["shutdown", "1m new version", { kind: "shutdown", delay: 60_000, text: "new version" }],
];

for (const [word, rest, command] of READ) {
  Deno.test(`vocabulary: /${word} ${rest}`, () => {
    assertEquals(VOCABULARY[word].read(rest), command);
  });
}

Deno.test("vocabulary: what is missing or too much is no command", () => {
  const wrong = ["nick", "whois a b", "who x", "leave now", "oper", "announce", "shutdown", "kick"];
  for (const line of wrong) {
    const [word, ...rest] = line.split(" ");
    assertEquals(VOCABULARY[word].read(rest.join(" ")), undefined, line);
  }
});

Deno.test("vocabulary: every command has its own usage, something to say, and a cost", () => {
  for (const [word, { usage, about, cost }] of Object.entries(VOCABULARY)) {
    assertStringIncludes(`${usage} `, `/${word} `);
    assert(about.length > 0 && cost >= 1, word);
  }
});
