import fc from "../../../support/fast_check.ts";
import { IoError, WouldBlock } from "wakeful/runtime";
import { Outbox } from "../../../../runtime/reactor/deno/outbox.ts";
import { assert, assertEquals, assertThrows } from "../../../support/assert.ts";
import { firstWrong, joined, numbered } from "../../../support/bytes.ts";
import { FakeConn } from "../../../support/fake_conn.ts";

const MAX_TAKEN = 64 * 1024;

/** What may happen next to an outbox over a connection. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ write: fc.integer({ min: 0, max: 100_000 }) }) },
  { weight: 4, arbitrary: fc.record({ drain: fc.double({ min: 0.01, max: 1, noNaN: true }) }) },
  fc.constant("flush" as const),
  fc.constant("close" as const),
  fc.constant("fail" as const),
);

/** The outbox, and what a reader of this test would expect of it. */
class Model {
  readonly conn = new FakeConn();
  readonly outbox = new Outbox(this.conn.asDeno, () => this.readies++);
  taken = 0;
  readies = 0;
  failed = false;
  closed = false;

  write(size: number): void {
    const from = numbered(this.taken, this.taken + size);
    if (this.failed) return void assertThrows(() => this.outbox.tryWrite(from), IoError);
    const busy = this.conn.inFlight !== undefined;
    const n = this.outbox.tryWrite(from);
    from.fill(0);
    if (busy) return assertEquals(n, WouldBlock);
    assertEquals(n, Math.min(size, MAX_TAKEN));
    this.taken += n as number;
  }

  async drain(share: number): Promise<void> {
    const flying = this.conn.inFlight;
    if (flying === undefined) return;
    const n = Math.ceil(flying.length * share);
    const before = this.readies;
    await this.conn.drain(n);
    assertEquals(this.readies - before, n === flying.length && !this.closed ? 1 : 0);
  }

  flush(): void {
    if (this.failed) assertThrows(() => this.outbox.tryFlush(), IoError);
    else assertEquals(this.outbox.tryFlush() === WouldBlock, this.conn.inFlight !== undefined);
  }

  async fail(): Promise<void> {
    if (this.conn.inFlight === undefined) return;
    await this.conn.failWrite(new Deno.errors.BrokenPipe("gone"));
    this.failed = true;
  }

  close(): void {
    this.closed = true;
    this.outbox.close();
  }

  /** Lets everything out that still can get out, and looks at what arrived. */
  async finish(): Promise<void> {
    if (!this.closed) this.close();
    while (this.conn.inFlight !== undefined) await this.drain(1);
    const arrived = joined(...this.conn.written);
    assertEquals(firstWrong(arrived, 0), -1);
    if (this.failed) assert(arrived.length <= this.taken);
    else assertEquals(arrived.length, this.taken);
    assertEquals(this.conn.closes, 1);
  }
}

Deno.test("Outbox: whatever happens, taken bytes arrive once and in order, or it has failed", async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
    const model = new Model();
    for (const step of steps) {
      if (step === "flush") model.flush();
      else if (step === "fail") await model.fail();
      else if (step === "close") {
        model.close();
        break;
      } else if ("write" in step) model.write(step.write);
      else await model.drain(step.drain);
    }
    await model.finish();
  }));
});
