import { KEPT_GROUPS, RemoteAudience } from "../../../commands/chat-server/remote_audience.ts";
import type { ChatOrder } from "../../../commands/chat-server/thread_messages.ts";
import { parcel } from "../../../commands/chat-server/parcel.ts";
import { assertEquals } from "../../support/assert.ts";

const LINE = parcel(["hello"]);

/** Two threads: even ids are served at seat 0, odd ones at seat 1, and those above 9,000 nowhere. */
function audienceOfTwo() {
  const posted: [seat: number, order: ChatOrder][] = [];
  const crowded = new Set<number>();
  const audience = new RemoteAudience({
    count: 2,
    seatOf: (id) => id > 9_000 ? undefined : id % 2,
    post: (seat, order) => void posted.push([seat, order]),
    room: (seat) => crowded.has(seat) ? (function* () {})() : undefined,
  });
  /** Who was told at each seat since the last look, by way of the groups they know. */
  const groups: Map<number, readonly number[]>[] = [new Map(), new Map()];
  const told = () =>
    posted.splice(0).flatMap(([seat, order]) => {
      if (order.kind === "group") groups[seat].set(order.group % KEPT_GROUPS, order.ids);
      if (order.kind !== "tell") return [];
      const { to } = order;
      return [[seat, ...typeof to === "number" ? groups[seat].get(to % KEPT_GROUPS)! : to]];
    });
  return { audience, posted, told, crowded };
}

const many = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

Deno.test("RemoteAudience: each thread is told once, of its own clients only", () => {
  const { audience, posted, told } = audienceOfTwo();
  audience.tell([1, 2, 3, 9_001], LINE, 2);
  const [[, order]] = posted;
  assertEquals(order, { kind: "tell", to: [2], except: 2, bytes: LINE.bytes, lines: 1 });
  assertEquals(told(), [[0, 2], [1, 1, 3]]);
  audience.tell([4], LINE, undefined);
  assertEquals(told(), [[0, 4]]);
});

Deno.test("RemoteAudience: a long list goes once, and by its number from then on", () => {
  const { audience, posted, told } = audienceOfTwo();
  const room = many(100);
  audience.tell(room, LINE, undefined);
  assertEquals(posted.map(([, { kind }]) => kind), ["group", "tell", "group", "tell"]);
  const everybody = told();
  assertEquals(everybody.flatMap(([, ...ids]) => ids).toSorted((a, b) => a - b), room);
  audience.tell(room, LINE, undefined);
  assertEquals(posted.map(([, { kind }]) => kind), ["tell", "tell"]);
  assertEquals(told(), everybody);
});

Deno.test("RemoteAudience: a group that a thread has forgotten is sent again", () => {
  const { audience, told, posted } = audienceOfTwo();
  const room = many(50);
  audience.tell(room, LINE, undefined);
  const everybody = told();
  for (let i = 0; i < KEPT_GROUPS; i++) audience.tell(many(20), LINE, undefined);
  told();
  audience.tell(room, LINE, undefined);
  assertEquals(told(), everybody);
  audience.replaced(1); // there is another thread
  audience.tell(room, LINE, undefined);
  assertEquals(posted.map(([seat, { kind }]) => `${seat} ${kind}`), [
    "0 tell",
    "1 group",
    "1 tell",
  ]);
});

Deno.test("RemoteAudience: very long lists go in parts", () => {
  const { audience, told } = audienceOfTwo();
  audience.tell(many(9_000), LINE, undefined);
  const parts = told();
  assertEquals(parts.map(([seat, ...ids]) => [seat, ids.length]), [
    [0, 4_096],
    [0, 404],
    [1, 4_096],
    [1, 404],
  ]);
});

Deno.test("RemoteAudience: who is gone is not dismissed again, and a crowded thread is waited for", () => {
  const { audience, posted, crowded } = audienceOfTwo();
  audience.dismiss(9_001);
  audience.dismiss(3, LINE);
  assertEquals(posted, [[1, { kind: "dismiss", id: 3, last: LINE.bytes }]]);
  assertEquals(audience.catchUp(), undefined);
  crowded.add(1);
  assertEquals(audience.catchUp() === undefined, false);
});
