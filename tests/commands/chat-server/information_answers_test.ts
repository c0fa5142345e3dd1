import { assertEquals, assertStringIncludes } from "../../support/assert.ts";
import { Spoken } from "./spoken.ts";

Deno.test("/who: who is in the room, and how long they have been silent", () => {
  const spoken = new Spoken();
  const [ann, ben] = [spoken.arrive("ann"), spoken.arrive("ben")];
  spoken.type(spoken.arrive("cleo"), "/join garden");
  spoken.type(ben, "/away lunch");
  spoken.wait(65_000);
  spoken.forget();
  spoken.type(ann, "/who");
  assertEquals(spoken.read(ann), [
    "-- 2 in lobby",
    "--   ann: silent for 0s",
    "--   ben: silent for 1m 5s, away: lunch",
  ]);
});

Deno.test("/who: a long list says how many more there are", () => {
  const spoken = new Spoken();
  const ids = Array.from({ length: 103 }, () => spoken.arrive());
  spoken.type(ids[0], "/who");
  const lines = spoken.read(ids[0]);
  assertEquals([lines.length, lines.at(-1)], [102, "-- and 3 more"]);
});

Deno.test("/whois: what is known of somebody; their address to operators only", () => {
  const spoken = new Spoken();
  const [ann, ben] = [spoken.arrive("ann"), spoken.arrive("ben", "10.0.0.2")];
  spoken.type(ann, "/whois ben", "/whois dan");
  assertEquals(spoken.read(ann), [
    "-- ben: in lobby, here for 1s, silent for 1s",
    "-- nobody here is called dan",
  ]);
  spoken.type(ann, "/oper sesame", "/whois ben", "/whois ann");
  const [, ofBen, ofAnn] = spoken.read(ann);
  assertStringIncludes(ofBen, "from 10.0.0.2");
  assertStringIncludes(ofAnn, "operator");
  assertEquals(spoken.read(ben), []);
});

Deno.test("/rooms: the fullest first, with their topics", () => {
  const spoken = new Spoken();
  const [ann, ben, cleo] = [spoken.arrive("ann"), spoken.arrive("ben"), spoken.arrive("cleo")];
  spoken.type(ann, "/join garden", "/topic roses");
  spoken.type(ben, "/join garden");
  spoken.forget();
  spoken.type(cleo, "/rooms");
  assertEquals(spoken.read(cleo), ["-- 2 rooms", "--   garden: 2, roses", "--   lobby: 1"]);
});

Deno.test("/rooms: a room that everybody has left is gone, and its history with it", () => {
  const spoken = new Spoken();
  const ann = spoken.arrive("ann");
  spoken.type(ann, "/join garden", "secret", "/leave", "/rooms", "/join garden", "/history");
  const lines = spoken.read(ann);
  assertEquals(lines.filter((line) => /rooms?$|nothing was said/.test(line)), [
    "-- 1 room",
    "-- nothing was said in garden yet",
  ]);
});

Deno.test("/history: the last lines of the room, ten unless more are asked for, fifty at most", () => {
  const spoken = new Spoken();
  const [ann, ben] = [spoken.arrive("ann"), spoken.arrive("ben")];
  for (let i = 1; i <= 60; i++) spoken.type(ann, `line ${i}`);
  spoken.forget();
  spoken.type(ben, "/history", "/history 2", "/history 100");
  const lines = spoken.read(ben);
  assertEquals([lines[0], lines[1], lines[10]], [
    "-- the last 10 lines of lobby",
    "ann: line 51",
    "ann: line 60",
  ]);
  assertEquals(lines.slice(11, 14), [
    "-- the last 2 lines of lobby",
    "ann: line 59",
    "ann: line 60",
  ]);
  assertEquals(lines.slice(14, 16), ["-- the last 50 lines of lobby", "ann: line 11"]);
});

Deno.test("/help: what everybody can do; operators see more", () => {
  const spoken = new Spoken();
  const ann = spoken.arrive("ann");
  spoken.type(ann, "/help");
  const help = spoken.read(ann).join("\n");
  const words =
    "help nick who whois rooms join leave topic history me msg reply away ignore limits";
  for (const word of words.split(" ")) assertStringIncludes(help, `-- /${word}`);
  assertEquals(help.includes("/kick"), false);
  spoken.type(ann, "/oper sesame", "/help");
  assertStringIncludes(spoken.read(ann).join("\n"), "/kick NAME [REASON]");
});

Deno.test("/help COMMAND: explains one", () => {
  const spoken = new Spoken();
  const ann = spoken.arrive("ann");
  spoken.type(ann, "/help me", "/help /me", "/help you");
  const about = "-- /me ACTION: says what you do";
  assertEquals(spoken.read(ann), [about, about, "-- there is no command /you"]);
});

Deno.test("/limits: says what the server was told", () => {
  const spoken = new Spoken({ slowReader: "disconnect", idleTimeout: 0, maxLine: 100 });
  const ann = spoken.arrive("ann");
  spoken.type(ann, "/limits");
  const limits = spoken.read(ann);
  assertEquals(limits[0], "-- 10 messages a second, 20 at once; beyond that your lines wait");
  assertEquals(limits.slice(2), [
    "-- a line may have 100 bytes",
    "-- when 256 lines wait for you to read them, you are disconnected",
    "-- you may be silent as long as you like",
  ]);
});

Deno.test("what cannot be understood is answered", () => {
  const spoken = new Spoken();
  const ann = spoken.arrive("ann");
  spoken.type(ann, "/nik x", "/me");
  const [unknown, usage] = spoken.read(ann);
  assertStringIncludes(unknown, "there is no command /nik; did you mean /nick?");
  assertEquals(usage, "-- usage: /me ACTION (says what you do)");
});
