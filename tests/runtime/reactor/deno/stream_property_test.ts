import fc from "../../../support/fast_check.ts";
import { Pending, WouldBlock } from "wakeful/runtime";
import { TcpStream } from "wakeful/net";
import { DenoStream } from "../../../../runtime/reactor/deno/stream.ts";
import { Submissions } from "../../../../runtime/reactor/deno/submissions.ts";
import { assert, assertEquals } from "../../../support/assert.ts";
import { firstWrong, numbered } from "../../../support/bytes.ts";
import { FakeConn } from "../../../support/fake_conn.ts";
import { FakeLoop } from "../../../support/fake_loop.ts";
import { HandPoll } from "../../../support/hand_poll.ts";

const share = fc.double({ min: 0, max: 1, noNaN: true });

const step = fc.oneof(
  fc.record({ deliver: fc.integer({ min: 1, max: 5000 }) }),
  fc.record({ read: fc.integer({ min: 1, max: 3000 }) }),
  fc.record({ fill: share }),
  fc.constant("drop" as const),
  fc.constant("turn" as const),
);

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** A reader that changes its mind, over a connection that delivers when it likes. */
class Reader {
  readonly conn = new FakeConn();
  readonly loop = new FakeLoop();
  readonly submissions = new Submissions(() => {});
  readonly source = new DenoStream(this.conn.asDeno, this.loop.io, this.submissions);
  readonly stream = new TcpStream(this.source, this.loop.io);
  delivered = 0;
  got = 0;
  #waiting: HandPoll<unknown> | undefined;

  async take(step: Step): Promise<void> {
    if (step === "drop") this.drop();
    else if (step === "turn") this.submissions.submitAll();
    else if ("deliver" in step) await this.deliver(step.deliver);
    else if ("read" in step) this.read(step.read);
    else this.fill(step.fill);
  }

  async deliver(n: number): Promise<void> {
    if (!this.conn.isReading) return;
    const waiting = this.#waiting;
    this.delivered += await this.conn.deliver(numbered(this.delivered, this.delivered + n));
    if (waiting) assert(waiting.woken, "the one who waits has to be woken");
  }

  read(size: number): void {
    this.drop();
    const into = new Uint8Array(size);
    const read = new HandPoll(this.stream.read(into), this.loop);
    const n = read.poll();
    if (n === Pending) this.#waiting = read;
    else this.check(into.subarray(0, n));
  }

  fill(share: number): void {
    this.drop();
    const fill = new HandPoll(this.stream.fill(), this.loop);
    const lent = fill.poll();
    if (lent === Pending) {
      this.#waiting = fill;
      return;
    }
    assertEquals(lent.length, this.delivered - this.got, "everything received is lent");
    const taken = Math.round(lent.length * share);
    this.check(lent.subarray(0, taken));
    this.stream.consume(taken);
  }

  drop(): void {
    this.#waiting?.drop();
    this.#waiting = undefined;
  }

  check(chunk: Uint8Array): void {
    assertEquals(firstWrong(chunk, this.got), -1);
    this.got += chunk.length;
    assert(this.got <= this.delivered);
  }

  /** Everything that is left. */
  finish(): void {
    this.drop();
    for (;;) {
      const lent = this.source.tryFill();
      if (lent === WouldBlock) break;
      this.check(lent);
      this.stream.consume(lent.length);
    }
    assertEquals(this.got, this.delivered);
  }
}

Deno.test("DenoStream: however reads, fills and drops follow each other, no byte is lost", async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
    const reader = new Reader();
    for (const step of steps) await reader.take(step);
    reader.finish();
  }));
});
