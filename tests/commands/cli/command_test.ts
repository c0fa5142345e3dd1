import { command } from "../../../commands/cli/command.ts";
import { flag, type Flags } from "../../../commands/cli/flag.ts";
import { bool, port, text } from "../../../commands/cli/kind.ts";
import { assertStrictEquals, assertThrows } from "../../support/assert.ts";

const BARE = { name: "ferry", purpose: "carries bytes" };
const aPort = flag(port(), { about: "a port", letter: "p" });

function refuses(flags: Flags, problem: string): void {
  assertThrows(() => command({ ...BARE, flags }), TypeError, `Command table of ferry: ${problem}`);
}

Deno.test("command returns the very table it was given", () => {
  const table = { ...BARE, flags: { port: aPort } };
  assertStrictEquals<unknown>(command(table), table);
});

Deno.test("command refuses a name or letter that is taken or reserved", () => {
  refuses({ port: aPort, path: flag(text("PATH"), { about: "a path", letter: "p" }) }, '"p" is');
  refuses({ host: flag(text("HOST"), { about: "a host", letter: "h" }) }, '"h" is taken');
  refuses({ help: flag(bool(), { about: "help" }) }, '"help" is taken');
  refuses({ version: flag(bool(), { about: "version" }) }, '"version" is taken');
  refuses({ constructor: flag(bool(), { about: "oops" }) }, '"constructor" is taken');
});

Deno.test("command refuses a flag that reads like the negation of a switch", () => {
  const about = "tidy up";
  refuses({ tidy: flag(bool(), { about }), noTidy: flag(bool(), { about }) }, '"no-tidy" is taken');
});

Deno.test("command refuses keys and letters that cannot be typed", () => {
  refuses({ "idle-timeout": aPort }, 'flag key "idle-timeout" is not in camelCase');
  refuses(
    { port: flag(port(), { about: "a port", letter: "po" }) },
    '"po" is not one letter or digit',
  );
});

Deno.test("command refuses actions that are reserved or missing", () => {
  const flags = {};
  const help = { help: { about: "help" } };
  assertThrows(() => command({ ...BARE, flags, actions: help }), TypeError, '"help" is taken');
  const nowhere = { ...BARE, flags, actions: { run: { about: "run" } }, defaultAction: "go" };
  // @ts-expect-error the default action must be one of the actions
  assertThrows(() => command(nowhere), TypeError, 'default action "go" is not among its actions');
});

Deno.test("command checks at compile time the flags that actions and conflicts name", () => {
  command({
    ...BARE,
    flags: { port: aPort },
    // @ts-expect-error there is no such flag
    actions: { run: { about: "run", flags: ["prot"] } },
    // @ts-expect-error there is no such flag
    conflicts: [["port", "host"]],
  });
});
