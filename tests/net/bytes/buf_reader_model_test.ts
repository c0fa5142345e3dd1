import fc from "../../support/fast_check.ts";
import { BufReader, duplex } from "wakeful/net";
import { End, Pending, TooLong } from "wakeful/runtime";
import { assertEquals, assertInstanceOf } from "../../support/assert.ts";
import { bytes } from "../../support/bytes.ts";
import { handPoll } from "../../support/hand_poll.ts";

const MAX_BYTES = 6;

/** What lines come to, as a list: the text, or `null` for one that was too long and skipped. */
function expected(text: string): (string | null)[] {
  const lines = text.split("\n");
  const last = lines.pop()!;
  const whole = lines.map((line) => line.replace(/\r$/, ""));
  if (last !== "") whole.push(last);
  return whole.map((line) => line.length > MAX_BYTES ? null : line);
}

const text = fc.array(fc.constantFrom("a", "bcd", "\n", "\r", "\r\n"), { maxLength: 60 });

Deno.test("BufReader: lines come whole and in order, whatever the pieces and the dropped waits", () => {
  const cuts = fc.array(fc.nat(4), { minLength: 1, maxLength: 20 });
  const drops = fc.array(fc.boolean(), { minLength: 1, maxLength: 20 });
  fc.assert(fc.property(text, cuts, drops, (parts, cuts, drops) => {
    const sent = bytes(parts.join(""));
    const [peer, end] = duplex();
    const reader = new BufReader(end);
    const seen: (string | null)[] = [];
    let [at, step, skipping] = [0, 0, false];
    const begin = () =>
      handPoll<unknown>(skipping ? reader.skipLine() : reader.readLine({ maxBytes: MAX_BYTES }));
    for (let wait = begin();;) {
      let polled: unknown;
      try {
        polled = wait.poll();
      } catch (error) {
        assertInstanceOf(error, TooLong);
        seen.push(null);
        skipping = true;
        wait = begin();
        continue;
      }
      if (polled === End) break;
      if (polled !== Pending) {
        if (!skipping) seen.push(polled as string);
        skipping = false;
        wait = begin();
        continue;
      }
      const piece = sent.subarray(at, at + 1 + cuts[step % cuts.length]);
      if (at === sent.length) peer.close();
      else at += peer.tryWrite(piece);
      if (!drops[step++ % drops.length]) continue;
      wait.drop();
      wait = begin();
    }
    assertEquals(seen, expected(parts.join("")));
  }));
});
