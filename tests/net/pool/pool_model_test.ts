import fc from "../../support/fast_check.ts";
import { Pool, type Pooled } from "wakeful/net";
import { Closed, Pending } from "wakeful/runtime";
import { assert, assertEquals, assertInstanceOf } from "../../support/assert.ts";
import { FakeLoop } from "../../support/fake_loop.ts";
import { Gate } from "../../support/gate.ts";
import { type HandPoll, handPoll } from "../../support/hand_poll.ts";

const MAX = 3;
const IDLE_TIMEOUT_MS = 50;
const MAX_LIFETIME_MS = 200;
const LONGEST_STEP_MS = 120;

type Command =
  | { act: "get" | "reap" | "close" }
  | {
    act: "poll" | "drop" | "release" | "discard" | "connected" | "refused" | "sick";
    pick: number;
  }
  | { act: "advance"; by: number };

const pick = fc.nat(20);
const picked = (act: "poll" | "drop" | "release" | "discard" | "connected" | "refused" | "sick") =>
  fc.record({ act: fc.constant(act), pick });
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 8, arbitrary: fc.constant({ act: "get" as const }) },
  { weight: 8, arbitrary: picked("poll") },
  { weight: 3, arbitrary: picked("drop") },
  { weight: 6, arbitrary: picked("release") },
  { weight: 2, arbitrary: picked("discard") },
  { weight: 8, arbitrary: picked("connected") },
  { weight: 2, arbitrary: picked("refused") },
  { weight: 2, arbitrary: picked("sick") },
  { weight: 3, arbitrary: fc.constant({ act: "reap" as const }) },
  {
    weight: 3,
    arbitrary: fc.record({ act: fc.constant("advance" as const), by: fc.nat(LONGEST_STEP_MS) }),
  },
  { weight: 1, arbitrary: fc.constant({ act: "close" as const }) },
);

class Refused extends Error {}

interface Conn {
  open: boolean;
  held: boolean;
  checked: boolean;
}

/** A pool whose connects and checks finish when the test says so, and a ledger of what it made. */
class Rig {
  readonly loop = new FakeLoop();
  readonly made: Conn[] = [];
  /** What the pool waits for: each is answered with how it went. */
  attempts: Gate<"good" | "bad">[] = [];
  gets: HandPoll<Pooled<Conn>>[] = [];
  held: Pooled<Conn>[] = [];
  closed = false;
  readonly pool = new Pool<Conn>({
    max: MAX,
    idleTimeout: IDLE_TIMEOUT_MS,
    maxLifetime: MAX_LIFETIME_MS,
    connect: () => this.#connect(),
    check: (conn) => this.#check(conn),
    close: (conn) => {
      assert(conn.open, "closed twice");
      assert(!conn.held, "closed while it is held");
      conn.open = false;
    },
  });

  run(command: Command): void {
    if (command.act === "advance") this.loop.advance(command.by);
    else if ("pick" in command) this.#picked(command.act, command.pick);
    else this[command.act]();
    this.check();
  }

  get(): void {
    this.gets.push(handPoll(this.pool.get(), this.loop));
    this.#poll(this.gets.length - 1);
  }

  reap(): void {
    this.pool.reap();
  }

  close(): void {
    this.closed = true;
    this.pool.close();
  }

  #picked(act: Extract<Command, { pick: number }>["act"], pick: number): void {
    if (act === "poll") return this.#poll(pick);
    if (act === "drop") return takeAt(this.gets, pick)?.drop();
    if (act === "release" || act === "discard") return this.#giveBack(act, pick);
    takeAt(this.attempts, pick)?.open(act === "connected" ? "good" : "bad");
  }

  #poll(pick: number): void {
    const get = this.gets[pick % this.gets.length];
    if (get === undefined) return;
    try {
      const polled = get.poll();
      if (polled === Pending) return;
      const conn = polled.value;
      assert(!this.closed, "handed out after close");
      assert(conn.open && !conn.held, "a connection that is closed, or somebody else's");
      conn.held = true;
      this.held.push(polled);
    } catch (error) {
      if (!(error instanceof Refused)) assertInstanceOf(error, Closed);
    }
    this.gets = this.gets.filter((other) => other !== get);
  }

  #giveBack(act: "release" | "discard", pick: number): void {
    const pooled = takeAt(this.held, pick);
    if (pooled === undefined) return;
    pooled.value.held = false;
    pooled[act]();
  }

  *#connect() {
    if ((yield* this.#attempt()) === "bad") throw new Refused();
    const conn = { open: true, held: false, checked: false };
    this.made.push(conn);
    return conn;
  }

  *#check(conn: Conn) {
    assert(conn.open && !conn.held);
    return (yield* this.#attempt()) === "good";
  }

  #attempt(): Gate<"good" | "bad"> {
    const gate = new Gate<"good" | "bad">();
    this.attempts.push(gate);
    return gate;
  }

  check(): void {
    const { total, idle, inUse, connecting, created, closed, waiting } = this.pool.statistics();
    const open = this.made.filter((conn) => conn.open).length;
    assertEquals(total, idle + inUse + connecting);
    assert(total <= MAX, `${total} connections`);
    assertEquals([created, created - closed, idle + inUse], [this.made.length, open, open]);
    assert(inUse >= this.held.length && waiting <= this.gets.length);
    if (this.closed) assertEquals(idle, 0);
  }

  /** Everybody gives up and gives back: nothing is in use, and every place can be had. */
  finish(): void {
    while (this.gets.length > 0) this.#picked("drop", 0), this.check();
    while (this.held.length > 0) this.#picked("release", 0), this.check();
    const { inUse, connecting, waiting } = this.pool.statistics();
    assertEquals([inUse, connecting, waiting], [0, 0, 0]);
    if (!this.closed) this.#takeAll();
    this.pool.close();
    assertEquals(this.made.filter((conn) => conn.open && !conn.held).length, 0);
  }

  #takeAll(): void {
    this.loop.advance(MAX_LIFETIME_MS); // so that each has to connect
    for (let i = 0; i < MAX; i++) this.get();
    assertEquals(this.pool.statistics().connecting, MAX);
    for (const gate of this.attempts.splice(0)) gate.open("good");
    while (this.gets.length > 0) this.#poll(0);
    assertEquals(this.held.length, MAX);
  }
}

function takeAt<V>(list: V[], pick: number): V | undefined {
  return list.splice(pick % Math.max(list.length, 1), 1)[0];
}

Deno.test("Pool: neither a place nor a connection is lost, whatever is dropped when", () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 80, size: "max" }), (commands) => {
      const rig = new Rig();
      for (const command of commands) rig.run(command);
      rig.finish();
    }),
    { numRuns: 500 },
  );
});
