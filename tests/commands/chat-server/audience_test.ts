import { spawn, yieldNow } from "wakeful/runtime";
import { runTest } from "wakeful/testing";
import {
  LocalAudience,
  type Recipient,
  type Writer,
} from "../../../commands/chat-server/audience.ts";
import type { Put } from "../../../commands/chat-server/inbox.ts";
import { parcel } from "../../../commands/chat-server/parcel.ts";
import { assertEquals } from "../../support/assert.ts";

const LINE = parcel(["hello"]);

function recipient(answer: Put): Recipient & { told: number } {
  return {
    told: 0,
    tell() {
      this.told++;
      return answer;
    },
    dismiss() {},
  };
}

Deno.test("LocalAudience: who has dropped a line is given up only where that is asked for", () =>
  runTest(function* () {
    for (const [slowReader, expected] of [["drop", []], ["disconnect", [1]]] as const) {
      const audience = new LocalAudience(slowReader);
      audience.attach(1, recipient("dropped"));
      audience.attach(2, recipient("taken"));
      audience.tell([1, 2, 3], LINE, undefined);
      audience.tell([1, 2], LINE, 1);
      assertEquals(audience.takeOverflowed(), [...expected]);
      assertEquals(audience.takeOverflowed(), []);
    }
  }));

Deno.test("LocalAudience: a tight inbox asks for a pause, and once", () =>
  runTest(function* () {
    const audience = new LocalAudience("drop");
    audience.attach(1, recipient("tight"));
    assertEquals(audience.catchUp(), undefined);
    audience.tell([1], LINE, undefined);
    yield* audience.catchUp()!;
    assertEquals(audience.catchUp(), undefined);
  }));

Deno.test("LocalAudience: those who were told write in their order, once everything is said", () =>
  runTest(function* () {
    const audience = new LocalAudience("drop");
    const written: number[] = [];
    const writer = (n: number): Writer => ({ flush: () => void written.push(n) });
    using _running = spawn(() => audience.run()).abortOnDrop();
    yield* yieldNow();
    for (let n = 0; n < 200; n++) audience.post(writer(n));
    assertEquals(written, []);
    yield* yieldNow();
    assertEquals(written.length, 64); // others have their turn in between
    while (written.length < 200) yield* yieldNow();
    assertEquals(written, Array.from({ length: 200 }, (_, n) => n));
    audience.post(writer(200));
    yield* yieldNow();
    assertEquals(written.at(-1), 200);
  }));
