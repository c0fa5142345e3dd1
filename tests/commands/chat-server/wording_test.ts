import {
  because,
  counted,
  crowdNotice,
  listed,
  span,
  spanLeft,
} from "../../../commands/chat-server/wording.ts";
import { assertEquals } from "../../support/assert.ts";

Deno.test("listed: as people say it", () => {
  assertEquals(["a", "a b", "a b c"].map((names) => listed(names.split(" "))), [
    "a",
    "a and b",
    "a, b and c",
  ]);
});

Deno.test("crowdNotice: nobody is expected to read thousands of names", () => {
  const names = (count: number) => Array.from({ length: count }, (_, i) => `${i + 1}`);
  assertEquals(crowdNotice({ names: ["a", "b"], what: "left" }), "-- a and b left");
  assertEquals(crowdNotice({ names: names(100), what: "left" }).slice(-15), "99 and 100 left");
  assertEquals(crowdNotice({ names: names(103), what: "left" }).slice(-20), " 100 and 3 more left");
});

Deno.test("counted: one and many", () => {
  assertEquals([counted(1, "line"), counted(0, "line")], ["1 line", "0 lines"]);
});

Deno.test("because: only where there is a reason", () => {
  assertEquals([because("x"), because("")], [": x", ""]);
});

Deno.test("span: the two largest units", () => {
  const spans = [0, 999, 59_999, 60_000, 65_000, 3_600_000, 3_661_000, 90_000_000, -5];
  assertEquals(spans.map(span), ["0s", "0s", "59s", "1m", "1m 5s", "1h", "1h 1m", "1d 1h", "0s"]);
});

Deno.test("spanLeft: never too short", () => {
  assertEquals([1, 1_000, 1_001, 59_001].map(spanLeft), ["1s", "1s", "2s", "1m"]);
});
