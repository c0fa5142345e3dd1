import { IoError, type IoErrorKind, TimedOut } from "wakeful/runtime";
import { ProtocolError, REFUSAL_KINDS } from "wakeful/net";
import {
  connectFailure,
  exchangeFailure,
  FAILURE_CLASSES,
  FAILURE_MEANINGS,
  type FailureClass,
  FollowError,
  RequestError,
  ServerClosed,
} from "../../../../commands/load-tester/measure/failure_class.ts";
import { assert, assertEquals } from "../../../support/assert.ts";

Deno.test("failure classes: what goes wrong while connecting", () => {
  const expected: Partial<Record<IoErrorKind, FailureClass>> = {
    "connection-refused": "refused",
    "not-found": "refused",
    "host-not-found": "DNS",
    "timed-out": "connect timeout",
    "tls-failed": "TLS",
    "connection-reset": "unreachable",
    "unreachable": "unreachable",
  };
  for (const [kind, failure] of Object.entries(expected)) {
    assertEquals(connectFailure(new IoError(kind as IoErrorKind, "connect: no")), failure, kind);
  }
  assertEquals(connectFailure(new TimedOut(10, "a connection")), "connect timeout");
  assertEquals(connectFailure(new RangeError("what?")), "other");
});

Deno.test("failure classes: what goes wrong on a connection", () => {
  assertEquals(exchangeFailure(new TimedOut(10, "an answer")), "timeout");
  assertEquals(exchangeFailure(new ServerClosed()), "closed");
  assertEquals(exchangeFailure(new IoError("connection-reset", "read: gone")), "reset");
  assertEquals(exchangeFailure(new IoError("broken-pipe", "write: gone")), "reset");
  assertEquals(exchangeFailure(new RangeError("what?")), "other");
});

Deno.test("failure classes: every broken rule of HTTP is malformed, but an end in the middle", () => {
  for (const kind of REFUSAL_KINDS) {
    const expected = kind.startsWith("incomplete") ? "cut short" : "malformed";
    assertEquals(exchangeFailure(new ProtocolError(kind)), expected, kind);
  }
});

Deno.test("failure classes: each has a meaning in words", () => {
  assertEquals(Object.keys(FAILURE_MEANINGS), [...FAILURE_CLASSES]);
  for (const meaning of Object.values(FAILURE_MEANINGS)) assert(meaning.length > 5);
});

Deno.test("failure classes: an error says what its cause said", () => {
  const cause = new IoError("connection-refused", "connect 127.0.0.1:1: nobody");
  const error = new RequestError("refused", cause);
  assertEquals([error.failure, error.message, error.cause], ["refused", cause.message, cause]);
  const follow = new FollowError("a redirect to nowhere");
  assertEquals([follow.failure, follow.message], ["redirect", "a redirect to nowhere"]);
});
