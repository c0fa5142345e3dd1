import fc from "fast-check";
import {
  blockOn,
  type Co,
  End,
  InvalidText,
  oneshot,
  spawn,
  TooLong,
  UnexpectedEof,
} from "wakeful/runtime";
import { TcpStream } from "wakeful/net";
import { dataClient } from "../../examples/data_client.ts";
import {
  decodeMessage,
  encodeFrame,
  LONGEST_MESSAGE,
  readFrame,
} from "../../examples/data_protocol.ts";
import { dataServer, ERROR_FIELD } from "../../examples/data_server.ts";
import { assertEquals, assertStringIncludes, assertThrows } from "../support/assert.ts";

const THINK_MS = 5;
const GREETING = { field1: 1, field2: 2, field3: "Hello, server!" };

/** Runs `body` beside a server that thinks shortly, and ends the server then. */
function withServer<T>(body: (port: number) => Co<T>): Promise<T> {
  return blockOn(function* () {
    const [listening, port] = oneshot<number>();
    const [end, ended] = oneshot<null>();
    const serving = spawn(() =>
      dataServer(
        0,
        function* () {
          yield* ended;
        },
        (_address, at) => listening.send(at),
        THINK_MS,
      )
    );
    try {
      return yield* body(yield* port);
    } finally {
      end.send(null);
      yield* serving;
    }
  });
}

function* connect(port: number): Co<TcpStream> {
  return yield* TcpStream.connect({ host: "127.0.0.1", port });
}

Deno.test("data server: any message is decoded as it was encoded", () => {
  const message = fc.record({
    field1: fc.nat({ max: 2 ** 32 - 1 }),
    field2: fc.nat({ max: 2 ** 16 - 1 }),
    field3: fc.string({ unit: "grapheme" }),
  });
  fc.assert(fc.property(message, (sent) => {
    assertEquals(decodeMessage(encodeFrame(sent).subarray(4)), sent);
  }));
});

Deno.test("data server: a message that is short, long or no text is refused, and says how", () => {
  const message = encodeFrame({ ...GREETING, field3: "abc" }).subarray(4);
  assertThrows(() => decodeMessage(message.subarray(0, 5)), UnexpectedEof, "5 of 10");
  assertThrows(() => decodeMessage(message.subarray(0, 12)), UnexpectedEof, "12 of 13");
  assertThrows(() => decodeMessage(new Uint8Array([...message, 0])), TooLong, "13 bytes");
  const spoilt = message.slice();
  spoilt[11] = 0xff;
  assertThrows(() => decodeMessage(spoilt), InvalidText, "field3");
});

Deno.test("data server: many requests at once are all answered", async () => {
  const [answered] = await withServer((port) => dataClient(port, 60));
  assertEquals(answered, 60);
});

Deno.test("data server: a malformed frame is answered with its error and costs one connection", async () => {
  const tooLong = new Uint8Array(4);
  new DataView(tooLong.buffer).setUint32(0, LONGEST_MESSAGE + 1, true);
  const spoilt = encodeFrame(GREETING);
  spoilt[spoilt.length - 1] = 0xff;
  const bad: [frame: Uint8Array, why: string][] = [
    [tooLong, "a frame of 65537 bytes"],
    [encodeFrame(GREETING).subarray(0, 9), "ended after 5 of 24 bytes"],
    [spoilt, "field3"],
  ];
  await withServer(function* (port) {
    using good = yield* connect(port);
    for (const [frame, why] of bad) {
      using stream = yield* connect(port);
      yield* stream.writeAll(frame);
      yield* stream.shutdown();
      const answer = decodeMessage((yield* readFrame(stream)) as Uint8Array);
      assertEquals(answer.field2, ERROR_FIELD);
      assertStringIncludes(answer.field3, why);
      assertEquals(yield* readFrame(stream), End);
    }
    yield* good.writeAll(encodeFrame(GREETING));
    const answer = decodeMessage((yield* readFrame(good)) as Uint8Array);
    assertEquals(answer, { field1: 1, field2: 2, field3: "Hello, client!" });
  });
});
