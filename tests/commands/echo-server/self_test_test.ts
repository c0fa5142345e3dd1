import { type ConnectSource, denoDriver, type Driver, IoError, Runtime } from "wakeful/runtime";
import type { EchoOptions } from "../../../commands/echo-server/command.ts";
import { selfTest } from "../../../commands/echo-server/self_test.ts";
import { assertEquals } from "../../support/assert.ts";
import { FakeTerminal } from "../../support/fake_terminal.ts";
import { OPTIONS, recordingLogger } from "./served.ts";

const CHECKS = [
  "one client gets its line back, then the end",
  "four interleaved clients each get their own",
  "1 MiB in odd chunks comes back byte for byte",
  "an idle client is disconnected",
];

async function tested(driver: Driver = denoDriver()) {
  const terminal = new FakeTerminal();
  using runtime = Runtime.builder().driver(() => driver).enableAll().build();
  const around = { terminal, log: recordingLogger().log, args: [] };
  const code = await runtime.blockOn(() => selfTest(OPTIONS as EchoOptions, around));
  return { code, lines: terminal.stdout, alive: runtime.statistics() };
}

Deno.test("selfTest: prints a line a check and answers 0 when everything works", async () => {
  const { code, lines, alive } = await tested();
  assertEquals(lines, [...CHECKS.map((name) => `ok    ${name}`), "everything works"]);
  assertEquals(code, 0);
  assertEquals(alive.timers, 0);
});

Deno.test("selfTest: says what failed and answers 1", async () => {
  const driver = denoDriver();
  const deserted: ConnectSource = {
    token: -1,
    tryConnect() {
      throw new IoError("connection-refused", "connect: refused");
    },
    close() {},
  };
  driver.connect = () => deserted;
  const { code, lines } = await tested(driver);
  assertEquals(lines, [
    ...CHECKS.map((name) => `FAIL  ${name}: connect: refused`),
    "4 of 4 failed",
  ]);
  assertEquals(code, 1);
});

Deno.test("selfTest: one byte that comes back different is found", async () => {
  const driver = denoDriver();
  const listen = driver.listen.bind(driver);
  driver.listen = (...args) => {
    const source = listen(...args);
    const tryAccept = source.tryAccept.bind(source);
    let accepted = 0;
    source.tryAccept = () => {
      const stream = tryAccept();
      if (typeof stream === "symbol" || ++accepted !== 1) return stream;
      const tryWrite = stream.tryWrite.bind(stream);
      stream.tryWrite = (from) => tryWrite(from.map((byte) => byte === 108 ? 76 : byte));
      return stream;
    };
    return source;
  };
  const { code, lines } = await tested(driver);
  assertEquals([code, lines[0]], [
    1,
    `FAIL  ${CHECKS[0]}: sent "hello\\n", got "heLLo\\n"`,
  ]);
  assertEquals(lines.at(-1), "1 of 4 failed");
});
