import { assertEquals, assertMatch } from "../../support/assert.ts";
import { Spoken } from "./spoken.ts";

/** Ann, who is an operator, and Ben. */
function two() {
  const spoken = new Spoken();
  const [ann, ben] = [spoken.arrive("ann"), spoken.arrive("ben", "10.0.0.2")];
  spoken.type(ann, "/oper sesame");
  spoken.forget();
  return { spoken, ann, ben };
}

Deno.test("/oper: the token makes an operator; whoever guesses is disconnected", () => {
  const spoken = new Spoken();
  const ann = spoken.arrive("ann");
  spoken.type(ann, "/oper sesam", "/oper x", "/oper y", "/oper sesame");
  assertEquals(spoken.read(ann), [
    "-- that is not the token",
    "-- that is not the token",
    "-- you are disconnected: that was not the token either",
  ]);
  assertEquals(spoken.dismissed, [ann]);
});

Deno.test("/oper: a server without a token has no operators", () => {
  const spoken = new Spoken({ operatorToken: undefined });
  const ann = spoken.arrive("ann");
  spoken.type(ann, "/oper undefined");
  assertMatch(spoken.read(ann)[0], /has no operators/);
});

Deno.test("operator commands: nobody else may", () => {
  const { spoken, ben } = two();
  const commands = "kick ann;mute ann;unmute ann;ban ann;unban ann;announce x;shutdown 1s;stats";
  for (const command of commands.split(";")) {
    spoken.type(ben, `/${command}`);
    assertMatch(spoken.read(ben).join(), /^-- only operators may do this/, command);
  }
  assertEquals(spoken.done, []);
});

Deno.test("/kick: everybody hears why", () => {
  const { spoken, ann, ben } = two();
  spoken.type(ann, "/kick ben rude", "/kick dan");
  assertEquals(spoken.readAll(ann, ben), [
    ["-- ben left (kicked by ann: rude)", "-- nobody here is called dan"],
    ["-- you are disconnected: kicked by ann: rude"],
  ]);
  assertEquals(spoken.dismissed, [ben]);
});

Deno.test("/mute: whoever is muted hears, is told why they are not heard, until it is over", () => {
  const { spoken, ann, ben } = two();
  spoken.type(ann, "/mute ben 90s shouting");
  assertEquals(spoken.read(ben), ["-- ann has muted you for 90s: shouting"]);
  spoken.forget();
  spoken.wait(30_000);
  spoken.type(ben, "hello", "/me waves", "/msg ann hi", "/topic x", "/nick bob");
  const refusal = "-- your line was not sent: you are muted for another 1m";
  assertEquals(spoken.readAll(ann, ben), [[], Array(5).fill(refusal)]);
  spoken.wait(60_000);
  spoken.type(ben, "hello");
  assertEquals(spoken.read(ann), ["ben: hello"]);
});

Deno.test("/unmute: ends it before", () => {
  const { spoken, ann, ben } = two();
  spoken.type(ann, "/mute ben", "/unmute ben");
  spoken.forget();
  spoken.type(ben, "hello");
  assertEquals(spoken.read(ann), ["ben: hello"]);
});

Deno.test("/ban NAME: keeps a name out, and what looks like it, for its time", () => {
  const { spoken, ann, ben } = two();
  spoken.type(ann, "/ban ben 10m spam");
  assertEquals(spoken.dismissed, [ben]);
  const cleo = spoken.arrive("cleo", "10.0.0.2");
  spoken.type(cleo, "/nick BEN");
  assertEquals(spoken.read(cleo), ["-- the name BEN is banned"]);
  spoken.wait(600_000);
  spoken.type(cleo, "/nick BEN");
  assertEquals(spoken.read(cleo), ["-- cleo is now BEN"]);
});

Deno.test("/ban ADDRESS: disconnects those behind it but operators, and keeps others out", () => {
  const { spoken, ann, ben } = two();
  spoken.type(ann, "/ban 10.0.0.2 1h spam", "/ban 10.0.0.1");
  assertEquals(spoken.dismissed, [ben]);
  assertEquals(spoken.read(ben), ["-- you are disconnected: banned for 1h: spam"]);
  spoken.forget();
  spoken.happen({ kind: "arrive", id: 9, address: "10.0.0.2" });
  const [refused] = spoken.done.filter(({ kind }) => kind === "dismiss");
  assertEquals(refused, { kind: "dismiss", id: 9, last: "-- you are banned for another 1h: spam" });
  assertEquals(spoken.read(ann), []);
});

Deno.test("/unban: lets them come again", () => {
  const { spoken, ann } = two();
  spoken.type(ann, "/ban 10.0.0.2", "/unban 10.0.0.2", "/unban 10.0.0.2");
  assertEquals(spoken.read(ann).slice(-2), [
    "-- 10.0.0.2 may come again",
    "-- 10.0.0.2 is not banned",
  ]);
});

Deno.test("/announce: every room reads it", () => {
  const { spoken, ann, ben } = two();
  spoken.type(ben, "/join garden");
  spoken.forget();
  spoken.type(ann, "/announce soup is ready");
  const line = "-- announcement: soup is ready";
  assertEquals(spoken.readAll(ann, ben), [[line], [line]]);
});

Deno.test("/shutdown and /stats: are for whoever runs the chat", () => {
  const { spoken, ann } = two();
  spoken.type(ann, "/shutdown 30s new version", "/stats");
  assertEquals(spoken.done.filter(({ kind }) => kind !== "record"), [
    { kind: "shutdown", delay: 30_000, reason: "new version" },
    { kind: "statistics", id: ann },
  ]);
});

Deno.test("what operators do is recorded, and the token is not", () => {
  const { spoken, ann } = two();
  spoken.type(ann, "/kick ben rude", "/oper sesame");
  const [kick] = spoken.done;
  assertEquals(kick, {
    kind: "record",
    event: "operator command",
    fields: { client: ann, name: "ann", command: "kick", target: "ben", text: "rude" },
  });
  assertEquals(JSON.stringify(spoken.done).includes("sesame"), false);
});
