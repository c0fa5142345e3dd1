import { encodeEvent, eventStream } from "wakeful/net";
import { assertEquals, assertThrows } from "../../../support/assert.ts";

Deno.test("encodeEvent: fields in order, a line for each line of data", () => {
  assertEquals(encodeEvent({ data: "x" }), "data: x\n\n");
  const all = { data: "a\r\nb\rc\nd", event: "e", id: "", retry: 1_000.4 };
  assertEquals(
    encodeEvent(all),
    "event: e\nid: \nretry: 1000\ndata: a\ndata: b\ndata: c\ndata: d\n\n",
  );
});

Deno.test("encodeEvent: a name or an id with a line end would be another field", () => {
  for (const text of ["a\nb", "a\rb", "a\0"]) {
    assertThrows(() => encodeEvent({ data: "", event: text }), TypeError, "event");
    assertThrows(() => encodeEvent({ data: "", id: text }), TypeError, "id");
  }
});

Deno.test("eventStream: fields of one's own beside its own", () => {
  const { fields } = eventStream(function* () {}, { "X-A": ["1", 2] });
  assertEquals([...fields as Iterable<unknown>].slice(2), [["X-A", "1"], ["X-A", "2"]]);
  assertEquals(
    Object.fromEntries(fields as [string, string][])["Content-Type"],
    "text/event-stream",
  );
});
