import { command } from "../../../commands/cli/command.ts";
import { UsageError } from "../../../commands/cli/errors.ts";
import { LISTENING_CONFLICTS, LISTENING_FLAGS } from "../../../commands/cli/listening_flags.ts";
import { parse } from "../../../commands/cli/parse.ts";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";

const SERVER = command({
  name: "some-server",
  purpose: "serves",
  flags: LISTENING_FLAGS,
  conflicts: LISTENING_CONFLICTS,
});

function placeOf(...argv: string[]) {
  const parsed = parse(SERVER, argv, () => undefined);
  assert("options" in parsed);
  return parsed.options;
}

Deno.test("listening flags: this machine, port 8080, unless it is said", () => {
  assertEquals(placeOf(), { host: "127.0.0.1", port: 8080, unix: undefined });
  assertEquals(placeOf("-p", "0", "--host", "::1"), { host: "::1", port: 0, unix: undefined });
});

Deno.test("listening flags: a Unix socket has neither host nor port", () => {
  assertEquals(placeOf("--unix", "/tmp/a.sock").unix, "/tmp/a.sock");
  for (const other of ["--host=::1", "--port=1"]) {
    assertThrows(() => placeOf("--unix=/tmp/a.sock", other), UsageError, "exclude each other");
  }
});
