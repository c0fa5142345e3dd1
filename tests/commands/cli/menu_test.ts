import fc from "../../support/fast_check.ts";
import { UsageError } from "../../../commands/cli/errors.ts";
import { pick, renderMenu } from "../../../commands/cli/menu.ts";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";

const HARBOUR = {
  name: "harbour",
  purpose: "looks after ships",
  commands: { ferry: "carries bytes across", "tug-boat": "pulls what cannot move" },
};

function refused(...argv: string[]): string {
  return assertThrows(() => pick(HARBOUR, argv), UsageError).message;
}

Deno.test("pick takes the first word and leaves the rest untouched", () => {
  assertEquals(pick(HARBOUR, ["ferry", "--port", "-h"]), {
    action: "ferry",
    argv: ["--port", "-h"],
  });
});

Deno.test("pick recognises help and version in front, and help for one command", () => {
  for (const word of ["help", "--help", "-h"]) assertEquals(pick(HARBOUR, [word]).action, "help");
  assertEquals(pick(HARBOUR, ["--version"]), { action: "version" });
  assertEquals(pick(HARBOUR, ["help", "ferry"]), { action: "ferry", argv: ["--help"] });
});

Deno.test("pick says which commands there are", () => {
  assertEquals(refused(), "missing command: expected ferry or tug-boat");
  assertEquals(
    refused("fery"),
    "unknown command fery: expected ferry or tug-boat; did you mean ferry?",
  );
  assertEquals(
    refused("help", "boat"),
    "unknown command boat: expected ferry or tug-boat; did you mean tug-boat?",
  );
  assertEquals(
    refused("--port", "1", "ferry"),
    "unexpected flag --port: a command comes first, ferry or tug-boat",
  );
});

Deno.test("pick throws nothing but usage errors", () => {
  const words = fc.oneof(fc.string(), fc.constantFrom("help", "ferry", "-h", "constructor", "--"));
  fc.assert(fc.property(fc.array(words), (argv) => {
    try {
      pick(HARBOUR, argv);
    } catch (error) {
      assert(error instanceof UsageError, String(error));
    }
  }));
});

Deno.test("renderMenu lists the commands", () => {
  assertEquals(
    renderMenu(HARBOUR),
    `\
harbour: looks after ships

Usage:
  harbour COMMAND [flags]

Commands:
  ferry     carries bytes across
  tug-boat  pulls what cannot move

  harbour COMMAND --help tells more about one of them.
`,
  );
});
