import { encodeRequest, encodeResponse, type ResponseContext, WrongLength } from "wakeful/net";
import { ChunkedEncoder, FixedEncoder } from "../../../../net/http1/codec/body_encoder.ts";
import { textAt } from "../../../../net/http1/codec/octets.ts";
import { assert, assertEquals, assertThrows } from "../../../support/assert.ts";
import { octets } from "./corpus.ts";

const CONTEXT: ResponseContext = { method: "GET", minor: 1, keepAlive: true, date: "now" };
const plain = (bytes: Uint8Array) => textAt(bytes, 0, bytes.length);

Deno.test("encodeRequest: a length only where one is usual", () => {
  const lengthOf = (method: string, body?: string) =>
    plain(encodeRequest({ method, body }, "x").bytes).match(/Content-Length: (\d+)/)?.[1];
  assertEquals([lengthOf("GET"), lengthOf("DELETE"), lengthOf("GET", "")], [
    undefined,
    undefined,
    undefined,
  ]);
  assertEquals([lengthOf("POST"), lengthOf("PATCH", ""), lengthOf("GET", "é")], ["0", "0", "2"]);
});

Deno.test("encodeRequest: the Host that is given counts", () => {
  const bytes = encodeRequest({ fields: [["host", "other"]] }, "x").bytes;
  assertEquals(plain(bytes), "GET / HTTP/1.1\r\nhost: other\r\n\r\n");
});

Deno.test("encodeRequest: a large body stays where it is, a small one joins the head", () => {
  const large = new Uint8Array(65 * 1024);
  const encoded = encodeRequest({ method: "PUT", body: large }, "x");
  assert(encoded.rest === large && encoded.replayable);
  assertEquals(encodeRequest({ body: "small" }, "x").rest, undefined);
  assert(!encodeRequest({ *body() {} }, "x").replayable);
});

Deno.test("encodeRequest: without a body nobody waits for a 100", () => {
  const request = encodeRequest({ expectContinue: true }, "x");
  assert(!request.expectsContinue && !plain(request.bytes).includes("Expect"));
  const { rest, bytes } = encodeRequest({ body: "b", expectContinue: true }, "x");
  assertEquals(rest?.length, 1);
  assert(plain(bytes).endsWith("Expect: 100-continue\r\n\r\n"));
});

Deno.test("encodeResponse: a program's own Date, Connection and length", () => {
  const fields = { "Date": "then", "Connection": "close", "Content-Length": 2 };
  const { bytes, close } = encodeResponse({ fields, body: "ab" }, CONTEXT);
  assertEquals(
    plain(bytes),
    "HTTP/1.1 200 OK\r\nDate: then\r\nConnection: close\r\nContent-Length: 2\r\n\r\nab",
  );
  assert(close);
});

Deno.test("encodeResponse: a length that is not the body's is refused, but for HEAD", () => {
  const init = { fields: { "Content-Length": 5 } };
  assertThrows(() => encodeResponse(init, CONTEXT), WrongLength, "Content-Length says 5");
  assertThrows(() => encodeResponse({ ...init, body: "too long" }, CONTEXT), WrongLength);
  const { bytes } = encodeResponse(init, { ...CONTEXT, method: "HEAD" });
  assert(plain(bytes).includes("Content-Length: 5\r\n"));
});

Deno.test("encodeResponse: an unknown status has no reason, one that is none is a RangeError", () => {
  assert(plain(encodeResponse({ status: 299 }, CONTEXT).bytes).startsWith("HTTP/1.1 299 \r\n"));
  for (const status of [100, 199, 1000, 200.5, NaN]) {
    assertThrows(() => encodeResponse({ status }, CONTEXT), RangeError, "status");
  }
});

Deno.test("encodeResponse: what could not stand in a head is a TypeError that names the field", () => {
  const wrong = { "X-Name": "a\r\nSet-Cookie: b" };
  assertThrows(() => encodeResponse({ fields: wrong }, CONTEXT), TypeError, "X-Name");
});

Deno.test("ChunkedEncoder: an empty piece is no chunk, since that would be the last", () => {
  const encoder = new ChunkedEncoder();
  assertEquals(encoder.encode(new Uint8Array(0)).length, 0);
  assertEquals(plain(encoder.encode(octets("0123456789abcdef"))), "10\r\n0123456789abcdef\r\n");
  assertEquals(plain(encoder.finish()), "0\r\n\r\n");
  assertThrows(() => encoder.finish({ "X": "\n" }), TypeError);
});

Deno.test("FixedEncoder: too much is refused before it is sent, too little at the end", () => {
  const encoder = new FixedEncoder(3);
  encoder.encode(octets("ab"));
  assertEquals(assertThrows(() => encoder.encode(octets("cd")), WrongLength).written, 4);
  assertEquals(assertThrows(() => encoder.finish(), WrongLength).written, 2);
  encoder.encode(octets("c"));
  assertEquals(encoder.finish().length, 0);
});
