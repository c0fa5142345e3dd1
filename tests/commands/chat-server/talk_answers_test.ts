import { assertEquals, assertMatch } from "../../support/assert.ts";
import { Spoken } from "./spoken.ts";

/** Ann and Ben in the lobby. */
function two() {
  const spoken = new Spoken();
  return { spoken, ann: spoken.arrive("ann"), ben: spoken.arrive("ben") };
}

Deno.test("say: everyone else in the room reads it", () => {
  const { spoken, ann, ben } = two();
  spoken.type(ann, "hello", "//etc/passwd");
  assertEquals(spoken.readAll(ann, ben), [[], ["ann: hello", "ann: /etc/passwd"]]);
});

Deno.test("/me: says what somebody does", () => {
  const { spoken, ann, ben } = two();
  spoken.type(ann, "/me waves");
  assertEquals(spoken.readAll(ann, ben), [[], ["* ann waves"]]);
});

Deno.test("/msg: one person reads it, and the sender what became of it", () => {
  const { spoken, ann, ben } = two();
  const cleo = spoken.arrive("cleo");
  spoken.type(ann, "/msg BEN psst  you");
  assertEquals(spoken.readAll(ann, ben, cleo), [["[you -> ben] psst  you"], [
    "[ann -> you] psst  you",
  ], []]);
  spoken.type(ann, "/msg dan psst");
  assertEquals(spoken.read(ann), ["-- nobody here is called dan"]);
});

Deno.test("/reply: goes to whoever spoke last, by whatever name, as long as they are there", () => {
  const { spoken, ann, ben } = two();
  spoken.type(ben, "/reply what?");
  assertMatch(spoken.read(ben)[0], /^-- nobody has spoken to you alone/);
  spoken.type(ann, "/msg ben psst", "/nick anna");
  spoken.forget();
  spoken.type(ben, "/reply what?");
  assertEquals(spoken.readAll(ann, ben), [["[ben -> you] what?"], ["[you -> anna] what?"]]);
  spoken.happen({ kind: "leave", id: ann, why: "left" });
  spoken.forget();
  spoken.type(ben, "/reply what?");
  assertMatch(spoken.read(ben)[0], /is gone: your line was not sent$/);
});

Deno.test("/nick: the room hears of it once, and so does its bearer", () => {
  const { spoken, ann, ben } = two();
  spoken.type(ann, "/nick anna");
  assertEquals(spoken.readAll(ann, ben), [["-- ann is now anna"], ["-- ann is now anna"]]);
});

Deno.test("/nick: names that are taken, or look so, or are none, are refused", () => {
  const { spoken, ann } = two();
  spoken.type(ann, "/nick Ben", "/nick bеn", "/nick a:b", "/nick ann", "/nick ANN");
  assertEquals(spoken.read(ann), [
    "-- the name Ben is taken: choose another",
    "-- the name bеn looks too much like ben: choose another",
    "-- a:b is no name: 1 to 20 letters, digits, _ or -",
    "-- you are ann already",
    "-- ann is now ANN",
  ]);
});

Deno.test("/nick: a name that was given up is free", () => {
  const { spoken, ann, ben } = two();
  spoken.type(ann, "/nick anna");
  spoken.type(ben, "/nick ann");
  assertEquals(spoken.read(ben), ["-- ann is now anna", "-- ben is now ann"]);
});

Deno.test("/join and /leave: both rooms hear of it, and only the room hears what is said", () => {
  const { spoken, ann, ben } = two();
  spoken.type(ann, "/join #garden");
  assertEquals(spoken.readAll(ann, ben), [["-- you are in garden: nobody else is here"], [
    "-- ann left for garden",
  ]]);
  spoken.type(ann, "anybody?");
  spoken.type(ben, "/join Garden", "hi");
  assertEquals(spoken.readAll(ann, ben), [["-- ben joined", "ben: hi"], [
    "-- you are in garden: 1 other here",
  ]]);
  spoken.type(ann, "/leave", "/leave");
  assertEquals(spoken.read(ann), [
    "-- you are in lobby: nobody else is here",
    "-- you are in lobby; /quit leaves the server",
  ]);
});

Deno.test("/join: where one is already, and what is no name, is said", () => {
  const { spoken, ann } = two();
  spoken.type(ann, "/join lobby", "/join a:b");
  assertEquals(spoken.read(ann), [
    "-- you are in lobby already",
    "-- a:b is no name for a room: 1 to 20 letters, digits, _ or -",
  ]);
});

Deno.test("/topic: is announced, shown, and told to those who come", () => {
  const { spoken, ann, ben } = two();
  spoken.type(ann, "/topic", "/topic roses", "/topic");
  assertEquals(spoken.read(ann), ["-- no topic", "-- ann set the topic: roses", "-- topic: roses"]);
  spoken.type(ben, "/join x", "/leave");
  assertEquals(spoken.read(ben).at(-1), "-- topic: roses");
});

Deno.test("/away: whoever speaks to somebody who is away is told", () => {
  const { spoken, ann, ben } = two();
  spoken.type(ben, "/away lunch");
  spoken.type(ann, "/msg ben hey");
  assertEquals(spoken.read(ann), ["[you -> ben] hey", "-- ben is away: lunch"]);
  spoken.type(ben, "/away");
  spoken.type(ann, "/msg ben hey");
  assertEquals(spoken.read(ann), ["[you -> ben] hey"]);
});

Deno.test("/ignore: hides what somebody says until it is undone, and says so to those who whisper", () => {
  const { spoken, ann, ben } = two();
  spoken.type(ben, "/ignore ann", "/ignore");
  assertEquals(spoken.read(ben), [
    "-- you do not hear ann any more; once more undoes it",
    "-- you ignore ann",
  ]);
  spoken.type(ann, "hello", "/me waves", "/msg ben psst", "/nick anna", "still here");
  assertEquals(spoken.read(ben), ["-- ann is now anna"]);
  assertEquals(spoken.read(ann)[1], "-- ben ignores you: your line was not shown");
  spoken.type(ben, "/ignore anna", "/ignore");
  assertEquals(spoken.read(ben), ["-- you hear anna again", "-- you ignore nobody"]);
  spoken.type(ann, "hello");
  assertEquals(spoken.read(ben), ["anna: hello"]);
});

Deno.test("/quit: the room hears the last word", () => {
  const { spoken, ann, ben } = two();
  spoken.type(ann, "/quit so long", "too late");
  assertEquals(spoken.read(ben), ["-- ann left (so long)"]);
  assertEquals(spoken.dismissed, [ann]);
});
