import { assert, assertEquals, assertMatch } from "../../support/assert.ts";
import { Hosted } from "./hosted.ts";

/** What is left beside the server's own two tasks. */
const NOTHING_LEFT = { clients: 0, tasks: 3, left: 0 };

Deno.test("client: is greeted, heard and told", () => {
  using hosted = new Hosted();
  const ann = hosted.connect();
  const [greeting, room] = hosted.read(ann);
  assertMatch(greeting, /^-- welcome to the chat: you are user-1;.*\/help/);
  assertEquals(room, "-- you are in lobby: nobody else is here");
  const ben = hosted.connect("ben");
  hosted.read(ann);
  hosted.type(ann, "hello\r", "how are you?");
  assertEquals(hosted.read(ben), ["user-1: hello", "user-1: how are you?"]);
  assertEquals(hosted.read(ann), []);
  assertEquals(hosted.empty(ann, ben), NOTHING_LEFT);
});

Deno.test("client: what waits for it goes out in one write", () => {
  using hosted = new Hosted();
  const [ann, ben] = [hosted.connect("ann"), hosted.connect("ben")];
  let writes = 0;
  const { peer } = ben;
  const tryWrite = peer.tryWrite.bind(peer);
  peer.tryWrite = (from) => (writes++, tryWrite(from));
  hosted.type(ann, ...Array.from({ length: 15 }, (_, i) => `line ${i}`));
  assertEquals([hosted.read(ben).length, writes], [15, 1]);
});

Deno.test("client: a half-closed one gets its answers and then the end", () => {
  using hosted = new Hosted();
  const ann = hosted.connect("ann");
  ann.send("/who\n/me leaves");
  ann.tryShutdown();
  assertEquals(hosted.read(ann), ["-- 1 in lobby", "--   ann: silent for 0s"]);
  assert(hosted.hasEnded(ann));
  assertEquals(hosted.empty(), NOTHING_LEFT);
});

Deno.test("client: leaves by EOF, reset and /quit are announced once each", () => {
  using hosted = new Hosted();
  const ann = hosted.connect("ann");
  const others = ["ben", "cleo", "dan"].map((name) => hosted.connect(name));
  hosted.time.advance(1_000);
  hosted.read(ann);
  const [ben, cleo, dan] = others;
  ben.close();
  hosted.time.advance(1_000);
  cleo.peer.fail();
  hosted.time.advance(1_000);
  hosted.type(dan, "/quit bye");
  hosted.time.advance(10_000);
  assertEquals(hosted.read(ann), [
    "-- ben left",
    "-- cleo left (connection lost)",
    "-- dan left (bye)",
  ]);
  assert(hosted.hasEnded(dan));
  assertEquals(hosted.empty(ann), NOTHING_LEFT);
});

Deno.test("client: a line that is too long is refused with a notice, and the next one is heard", () => {
  using hosted = new Hosted({ maxLine: 64 });
  const [ann, ben] = [hosted.connect("ann"), hosted.connect("ben")];
  hosted.read(ann);
  hosted.type(ann, "x".repeat(65), "short");
  assertEquals(hosted.read(ann), ["-- your line was not sent: it is longer than 64 bytes"]);
  assertEquals(hosted.read(ben), ["ann: short"]);
});

Deno.test("client: a line without an end costs its bound, not its length", () => {
  using hosted = new Hosted();
  const ann = hosted.connect("ann");
  for (let i = 0; i < 100; i++) {
    ann.send("x".repeat(60_000));
    hosted.time.settle();
  }
  assertEquals(hosted.read(ann).length, 1);
});

Deno.test("client: who writes too fast waits, is told once, and loses nothing", () => {
  using hosted = new Hosted();
  const [ann, ben] = [hosted.connect("ann"), hosted.connect("ben")];
  hosted.time.advance(5_000);
  hosted.read(ann);
  hosted.type(ann, ...Array.from({ length: 40 }, (_, i) => `line ${i}`));
  assertEquals(hosted.read(ben).length, 20);
  assertMatch(hosted.read(ann).join(), /^-- you write faster than 10 lines a second: they wait/);
  hosted.time.advance(1_000);
  assertEquals(hosted.read(ben).length, 10);
  hosted.time.advance(1_000);
  assertEquals(hosted.read(ben).at(-1), "ann: line 39");
  assertEquals(hosted.read(ann), []);
});

Deno.test("client: one that is held up still hears the others", () => {
  using hosted = new Hosted();
  const [ann, ben] = [hosted.connect("ann"), hosted.connect("ben")];
  hosted.type(ann, ...Array(30).fill("x"));
  hosted.read(ann);
  hosted.type(ben, "slowly, please");
  assertEquals(hosted.read(ann), ["ben: slowly, please"]);
});

Deno.test("client: one that says nothing for too long is told and disconnected", () => {
  using hosted = new Hosted({ idleTimeout: 60_000 });
  const [ann, ben] = [hosted.connect("ann"), hosted.connect("ben")];
  hosted.read(ann);
  hosted.time.advance(30_000);
  hosted.type(ann, "");
  hosted.time.advance(59_000);
  assertEquals(hosted.read(ann), ["-- ben left (silent for 1m)"]);
  assertEquals(hosted.read(ben), ["-- you are disconnected: silent for 1m"]);
  assert(hosted.hasEnded(ben));
  hosted.time.advance(1_000);
  assertEquals(hosted.read(ann), ["-- you are disconnected: silent for 1m"]);
  assertEquals(hosted.empty(), NOTHING_LEFT);
});

Deno.test("client: without an idle timeout it may be silent for ever", () => {
  using hosted = new Hosted({ idleTimeout: 0 });
  const ann = hosted.connect("ann");
  hosted.time.advance(86_400_000 * 30);
  hosted.type(ann, "/whois ann");
  assertEquals(hosted.read(ann), ["-- ann: in lobby, here for 30d, silent for 0s"]);
});

/** Ben does not read, and Ann says `count` lines. */
function slowBen(hosted: Hosted, count: number) {
  const ann = hosted.connect("ann");
  const ben = hosted.connect("ben", { client: 100 });
  hosted.read(ann);
  for (let i = 1; i <= count; i++) {
    hosted.type(ann, `line ${i}`);
    hosted.time.advance(200);
  }
  return { ann, ben };
}

Deno.test("client: a slow reader misses lines and is told how many; nobody else waits", () => {
  using hosted = new Hosted({ inbox: 4 });
  const cleo = hosted.connect("cleo");
  const { ann, ben } = slowBen(hosted, 40);
  assertEquals(hosted.read(cleo).filter((line) => line.startsWith("ann: line")).length, 40);
  const lines = hosted.read(ben);
  const [missed] = lines.flatMap((line) => /you missed (\d+) lines/.exec(line)?.[1] ?? []);
  const got = lines.filter((line) => line.includes("line ")).length;
  assertEquals(got + Number(missed), 40, lines.join("\n"));
  assert(lines.indexOf("ann: line 1") < lines.findIndex((line) => line.includes("missed")));
  hosted.type(ann, "again");
  assertEquals(hosted.read(ben), ["ann: again"]);
  assertEquals(hosted.server.ledger.dropped, Number(missed));
  assertEquals(hosted.empty(ann, ben, cleo), NOTHING_LEFT);
});

Deno.test("client: with --slow-reader disconnect it is told why, and the others as well", () => {
  using hosted = new Hosted({ inbox: 4, slowReader: "disconnect" });
  const { ann, ben } = slowBen(hosted, 20);
  assertEquals(hosted.read(ann), ["-- ben left (reads too slowly)"]);
  const lines = hosted.read(ben);
  assertEquals(lines.at(-1), "-- you are disconnected: 4 lines wait for you to read them");
  assertEquals(hosted.empty(ann, ben), NOTHING_LEFT);
});

Deno.test("client: one that is dismissed and does not read is cut after a while", () => {
  using hosted = new Hosted({ inbox: 4, slowReader: "disconnect" });
  const { ann } = slowBen(hosted, 20);
  assertEquals(hosted.server.clients, 2);
  hosted.time.advance(5_000);
  assertEquals(hosted.server.clients, 1);
  assertEquals(hosted.empty(ann), NOTHING_LEFT);
});

Deno.test("client: what /quit came with is not heard any more", () => {
  using hosted = new Hosted();
  const [ann, ben] = [hosted.connect("ann"), hosted.connect("ben")];
  hosted.type(ann, "one", "/quit", "two");
  assertEquals(hosted.read(ben), ["ann: one", "-- ann left"]);
});
