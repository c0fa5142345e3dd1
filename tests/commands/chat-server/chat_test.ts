import { assertEquals, assertMatch } from "../../support/assert.ts";
import { Spoken } from "./spoken.ts";

Deno.test("Chat: who arrives gets a name, hears of /help, and stands in the lobby", () => {
  const spoken = new Spoken();
  const ann = spoken.arrive();
  const effects = spoken.chat.handle({ kind: "arrive", id: 9, address: "" }, spoken.now);
  const told = effects.flatMap((effect) => effect.kind === "tell" ? [effect] : []);
  assertEquals(told.map(({ to, except }) => to.filter((id) => id !== except)), [[9], [ann], [9]]);
  const [[greeting], [joined], [room]] = told.map(({ lines }) => lines);
  assertMatch(greeting, /^-- welcome to the chat: you are user-2; .*\/help/);
  assertEquals([joined, room], ["-- user-2 joined", "-- you are in lobby: 1 other here"]);
});

Deno.test("Chat: a guest's name that somebody has taken is passed over", () => {
  const spoken = new Spoken();
  spoken.arrive("user-2");
  const ben = spoken.arrive();
  spoken.type(ben, "/whois user-3");
  assertMatch(spoken.read(ben)[0], /^-- user-3: in lobby/);
});

Deno.test("Chat: many who come at once are told of together, each once", () => {
  const spoken = new Spoken();
  const ann = spoken.arrive("ann");
  for (let id = 10; id < 200; id++) spoken.happen({ kind: "arrive", id, address: "" });
  spoken.wait(100);
  const told = spoken.read(ann);
  assertEquals(told[0], "-- user-2 joined");
  assertMatch(told.at(-1)!, /^-- user-\d+, .*, user-190 and user-191 joined$/);
  const names = told.join("\n").match(/user-\d+/g)!;
  assertEquals([names.length, new Set(names).size], [190, 190]);
});

Deno.test("Chat: nobody is heard before it is said that they are there", () => {
  const spoken = new Spoken();
  const ann = spoken.arrive("ann");
  for (let id = 10; id < 160; id++) spoken.happen({ kind: "arrive", id, address: "" });
  spoken.type(159, "hello");
  const [joined, hello] = spoken.read(ann).slice(-2);
  assertMatch(joined, /user-151 joined$/);
  assertEquals(hello, "user-151: hello");
});

Deno.test("Chat: a name changes hands only after its old bearer was told to be gone", () => {
  const spoken = new Spoken();
  const [ann, ben] = [spoken.arrive("ann"), spoken.arrive("ben")];
  for (let id = 10; id < 160; id++) spoken.happen({ kind: "arrive", id, address: "" });
  spoken.happen({ kind: "leave", id: ben, why: "left" });
  spoken.type(ann, "/nick ben");
  assertEquals(spoken.read(ann).slice(-2), ["-- ben left", "-- ann is now ben"]);
});

for (
  const [why, how] of [
    ["left", "left"],
    ["lost", "left (connection lost)"],
    ["idle", "left (silent for 10m)"],
    ["slow", "left (reads too slowly)"],
  ] as const
) {
  Deno.test(`Chat: who is gone because of "${why}" is announced once`, () => {
    const spoken = new Spoken();
    const [ann, ben] = [spoken.arrive("ann"), spoken.arrive("ben")];
    spoken.happen({ kind: "leave", id: ben, why });
    spoken.happen({ kind: "leave", id: ben, why: "lost" });
    spoken.wait(1_000);
    assertEquals(spoken.read(ann), [`-- ben ${how}`]);
    assertEquals(spoken.dismissed, [ben]);
  });
}

Deno.test("Chat: whoever is disconnected is told why", () => {
  const spoken = new Spoken();
  const [ann, ben] = [spoken.arrive("ann"), spoken.arrive("ben")];
  spoken.happen({ kind: "leave", id: ann, why: "idle" });
  spoken.happen({ kind: "leave", id: ben, why: "slow" });
  assertEquals(spoken.read(ann), ["-- you are disconnected: silent for 10m"]);
  assertEquals(
    spoken.read(ben).at(-1),
    "-- you are disconnected: 256 lines wait for you to read them",
  );
});

Deno.test("Chat: at the end everybody is told, and who comes then as well", () => {
  const spoken = new Spoken();
  const [ann, ben] = [spoken.arrive("ann"), spoken.arrive("ben")];
  spoken.type(ben, "/join garden");
  spoken.forget();
  spoken.happen({ kind: "announce", text: "soon" });
  spoken.happen({ kind: "close", text: "goodbye" });
  assertEquals(spoken.readAll(ann, ben), [["-- soon", "-- goodbye"], ["-- soon", "-- goodbye"]]);
  spoken.happen({ kind: "arrive", id: 9, address: "" });
  assertEquals(spoken.dismissed, [ann, ben, 9]);
});

Deno.test("Chat: the log knows who spoke where, and what only where that was asked for", () => {
  for (const logText of [false, true]) {
    const spoken = new Spoken({ logText });
    const ann = spoken.arrive("ann");
    spoken.type(ann, "hello");
    const text = logText ? "ann: hello" : undefined;
    const fields = { client: ann, name: "ann", room: "lobby", text };
    assertEquals(spoken.done, [{ kind: "record", event: "message", fields }]);
  }
});
