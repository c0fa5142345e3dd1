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
