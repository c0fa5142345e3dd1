import { accepts, chooseAction, misplaced } from "../../../commands/cli/action.ts";
import { type Command, command } from "../../../commands/cli/command.ts";
import { UsageError } from "../../../commands/cli/errors.ts";
import { assert, assertEquals, assertFalse, assertThrows } from "../../support/assert.ts";
import { FERRY } from "./example_table.ts";

const BARE = { name: "ferry", purpose: "carries bytes", flags: {} };
const PLAIN = command(BARE);
const LOADER = command({ ...BARE, args: { placeholder: "URL", min: 1, max: 2 } });
const QUEUE = command({ ...BARE, actions: { serve: { about: "serve" }, list: { about: "list" } } });

function refused(table: Command, words: string[], literal: string[] = []): string {
  return assertThrows(() => chooseAction(table, words, literal), UsageError).message;
}

Deno.test("chooseAction takes the first word, or the default when there is none", () => {
  assertEquals(chooseAction(FERRY, ["test"], []), { action: "test", rest: [] });
  assertEquals(chooseAction(FERRY, [], []), { action: "run", rest: [] });
});

Deno.test("chooseAction gives a command without words its only action", () => {
  assertEquals(chooseAction(PLAIN, [], []), { action: "run", rest: [] });
  assertEquals(refused(PLAIN, ["run"]), "unexpected argument run: ferry takes no arguments");
});

Deno.test("chooseAction answers a wrong word with the words there are", () => {
  assertEquals(
    refused(FERRY, ["tets"]),
    "unexpected argument tets: expected run, test or check; did you mean test?",
  );
  assertEquals(
    refused(FERRY, ["toString"]),
    "unexpected argument toString: expected run, test or check",
  );
});

Deno.test("chooseAction asks for a word where there is no default", () => {
  assertEquals(refused(QUEUE, []), "missing action: expected serve or list");
  assertEquals(refused(QUEUE, [], ["serve"]), "missing action: expected serve or list");
});

Deno.test("chooseAction names the argument that is too many", () => {
  assertEquals(refused(FERRY, ["test", "x"]), "unexpected argument x: test takes no arguments");
  assertEquals(
    refused(LOADER, ["a", "b", "c d"]),
    'unexpected argument "c d": expected at most 2 URL',
  );
});

Deno.test("chooseAction lets an action take other arguments than the command does", () => {
  const actions = {
    serve: { about: "serve" },
    end: { about: "end", args: { placeholder: "ID", min: 1, max: 1 } },
  };
  const strict = command({ ...BARE, actions });
  assertEquals(chooseAction(strict, ["end", "7"], []), { action: "end", rest: ["7"] });
  assertEquals(refused(strict, ["end", "7", "8"]), "unexpected argument 8: expected at most 1 ID");
  assertEquals(refused(strict, ["end"]), "missing ID: expected at least 1");
  assertEquals(refused(strict, ["serve", "7"]), "unexpected argument 7: serve takes no arguments");
  const loose = command({ ...BARE, args: { placeholder: "URL", max: 2 }, actions });
  assertEquals(chooseAction(loose, ["serve", "a", "b"], []).rest, ["a", "b"]);
});

Deno.test("chooseAction asks for a missing argument", () => {
  assertEquals(refused(LOADER, []), "missing URL: expected at least 1");
  assertEquals(chooseAction(LOADER, ["a"], []).rest, ["a"]);
});

Deno.test("chooseAction counts words after -- as arguments, never as an action", () => {
  assertEquals(chooseAction(LOADER, ["a"], ["--b"]).rest, ["a", "--b"]);
  assertEquals(refused(FERRY, [], ["test"]), "unexpected argument test: run takes no arguments");
});

Deno.test("accepts is true for every flag unless the action lists its own", () => {
  assert(accepts(FERRY, "run", "port"));
  assert(accepts(FERRY, "test", "driver"));
  assertFalse(accepts(FERRY, "test", "port"));
  assert(accepts(PLAIN, "run", "anything"));
});

Deno.test("misplaced says which flags the action takes instead", () => {
  assertEquals(
    misplaced(FERRY, "test", "port").message,
    "unexpected flag --port: test takes only --driver",
  );
  assertEquals(
    misplaced(FERRY, "check", "port").message,
    "unexpected flag --port: check takes no flags",
  );
});
