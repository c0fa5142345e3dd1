import {
  type Flag,
  flag,
  longName,
  type Options,
  variableName,
} from "../../../commands/cli/flag.ts";
import { choice, port, text } from "../../../commands/cli/kind.ts";
import { assertEquals } from "../../support/assert.ts";

Deno.test("flag keeps kind, details and default together", () => {
  const kind = port();
  const row = flag(kind, { default: 8080, letter: "p", group: "Listening", about: "a port" });
  assertEquals(row, { kind, default: 8080, letter: "p", group: "Listening", about: "a port" });
});

Deno.test("Options has a value's type with a default and admits undefined without", () => {
  const flags = {
    driver: flag(choice("deno", "epoll"), { default: "deno", about: "driver" }),
    unix: flag(text("PATH"), { about: "path" }),
  };
  const options: Options<typeof flags> = { driver: "epoll", unix: undefined };
  // @ts-expect-error a word outside the choice is not an option
  const wrongWord: Options<typeof flags> = { driver: "kqueue", unix: undefined };
  // @ts-expect-error an option with a default is never undefined
  const noDriver: Options<typeof flags> = { driver: undefined, unix: undefined };
  assertEquals([options, wrongWord, noDriver].length, 3);
});

Deno.test("flag refuses at compile time a default that its kind cannot have", () => {
  // @ts-expect-error a port is a number
  const wrong: Flag<number> = flag(port(), { default: "8080", about: "a port" });
  assertEquals(wrong.about, "a port");
});

Deno.test("longName puts a dash before each capital", () => {
  assertEquals(["port", "idleTimeout", "maxP99Ms"].map(longName), [
    "port",
    "idle-timeout",
    "max-p99-ms",
  ]);
});

Deno.test("variableName joins the command and the flag in capitals", () => {
  assertEquals(
    variableName("echo-server", "idleTimeout"),
    "WAKEFUL_ECHO_SERVER_IDLE_TIMEOUT",
  );
});
