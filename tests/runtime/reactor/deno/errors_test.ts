import { IoError, type IoErrorKind } from "wakeful/runtime";
import { ioError } from "../../../../runtime/reactor/deno/errors.ts";
import { assertEquals, assertInstanceOf, assertStrictEquals } from "../../../support/assert.ts";

const { errors } = Deno;

const EXAMPLES: [unknown, IoErrorKind][] = [
  [new errors.AddrInUse("x"), "address-in-use"],
  [new errors.AddrNotAvailable("x"), "address-not-available"],
  [new errors.BrokenPipe("x"), "broken-pipe"],
  [new errors.ConnectionAborted("x"), "connection-aborted"],
  [new errors.ConnectionRefused("x"), "connection-refused"],
  [new errors.ConnectionReset("x"), "connection-reset"],
  [new errors.NotCapable("x"), "permission-denied"],
  [new errors.NotFound("x"), "not-found"],
  [new errors.PermissionDenied("x"), "permission-denied"],
  [new errors.TimedOut("x"), "timed-out"],
  [new Error("Too many open files (os error 24)"), "too-many-open-files"],
  [new Error("failed to lookup address information"), "host-not-found"],
  [new Error("Message too long (os error 90)"), "message-too-long"],
  [new Error("Network is unreachable (os error 101)"), "unreachable"],
  [new RangeError("port out of range"), "address-not-available"],
  [new Error("os error 245"), "other"],
  ["not an error", "other"],
];

for (const [cause, kind] of EXAMPLES) {
  Deno.test(`ioError: ${cause} is ${kind}`, () => {
    const error = ioError("read", cause);
    assertInstanceOf(error, IoError);
    assertEquals(error.kind, kind);
    assertStrictEquals(error.cause, cause);
  });
}

Deno.test("ioError: says what was being done, and leaves the system's number out", () => {
  const cause = new errors.ConnectionReset("Connection reset by peer (os error 104)");
  assertEquals(ioError("read from p", cause).message, "read from p: Connection reset by peer");
});
