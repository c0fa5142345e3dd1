import fc from "fast-check";
import { SharedMemory } from "../../../runtime/threads/memory.ts";
import { NOTHING, RecordRing } from "../../../runtime/threads/record_ring.ts";
import { assertEquals } from "../../support/assert.ts";

const CAPACITY = 256;
const HEADER_WORDS = 8;

function emptyRing(): RecordRing {
  const memory = new SharedMemory(new SharedArrayBuffer(4 * HEADER_WORDS + CAPACITY));
  return new RecordRing(memory, 0, HEADER_WORDS, CAPACITY);
}

Deno.test("RecordRing: a record that is claimed but not published holds up what follows", () => {
  const ring = emptyRing();
  const [first, second] = [ring.claim(4), ring.claim(4)];
  ring.publish(second, 4);
  assertEquals(ring.peek(), NOTHING);
  ring.publish(first, 4);
  assertEquals(ring.peek(), first);
  ring.consume();
  assertEquals(ring.peek(), second);
});

Deno.test("RecordRing: records come out as they went in, through any number of rounds", () => {
  const operation = fc.oneof(fc.constant("read" as const), fc.nat({ max: 60 }));
  fc.assert(fc.property(fc.array(operation, { maxLength: 200 }), (operations) => {
    const ring = emptyRing();
    const held: [length: number, mark: number][] = [];
    let mark = 0;
    for (const step of operations) {
      if (step === "read") {
        const at = ring.peek();
        assertEquals(at === NOTHING, held.length === 0);
        if (at === NOTHING) continue;
        const [length, wanted] = held.shift()!;
        assertEquals(ring.lengthAt(at), length);
        assertEquals(new Set(ring.bytes.slice(at, at + length)), new Set(length ? [wanted] : []));
        ring.consume();
      } else {
        const at = ring.claim(step);
        if (at === NOTHING) continue;
        mark = (mark + 1) % 256;
        ring.bytes.fill(mark, at, at + step);
        ring.publish(at, step);
        held.push([step, mark]);
      }
    }
  }));
});
