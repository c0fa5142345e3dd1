import { linesIn, pack, parcel } from "../../../commands/chat-server/parcel.ts";
import { assertEquals } from "../../support/assert.ts";
import { textOf } from "../../support/bytes.ts";

Deno.test("parcel: every line has its end", () => {
  const { bytes, lines } = parcel(["a", "ä"]);
  assertEquals([textOf(bytes), lines, bytes.length], ["a\nä\n", 2, 5]);
});

Deno.test("pack: all parcels in one piece", () => {
  const parcels = [parcel(["a"]), parcel(["b", "c"])];
  assertEquals([textOf(pack(parcels)), linesIn(parcels)], ["a\nb\nc\n", 3]);
});

Deno.test("pack: as much as there is", () => {
  const parcels = Array.from({ length: 300 }, (_, i) => parcel([`${i} ${"x".repeat(1_000)}`]));
  const packed = textOf(pack(parcels));
  assertEquals(packed, parcels.map(({ bytes }) => textOf(bytes)).join(""));
});

Deno.test("pack: what was packed before is packed again, and nothing else in its place", () => {
  const [a, b, c] = ["a", "b", "c"].map((line) => parcel([line]));
  const packed = [[a, b], [a, b], [a, c], [b, a], [a, b], [a, b, c], [a, b]].map((parcels) =>
    textOf(pack(parcels))
  );
  assertEquals(packed, ["a\nb\n", "a\nb\n", "a\nc\n", "b\na\n", "a\nb\n", "a\nb\nc\n", "a\nb\n"]);
});
