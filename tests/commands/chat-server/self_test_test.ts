import { type ConnectSource, denoDriver, type Driver, IoError, Runtime } from "wakeful/runtime";
import type { ChatOptions } from "../../../commands/chat-server/command.ts";
import { selfTest } from "../../../commands/chat-server/self_test.ts";
import { assertEquals, assertMatch } from "../../support/assert.ts";
import { FakeTerminal } from "../../support/fake_terminal.ts";
import { recordingLogger } from "../echo-server/served.ts";
import { OPTIONS } from "./hosted.ts";

async function tested(driver: Driver = denoDriver()) {
  const terminal = new FakeTerminal();
  using runtime = Runtime.builder().driver(() => driver).enableAll().build();
  const around = { terminal, log: recordingLogger().log, args: [] };
  const code = await runtime.blockOn(() => selfTest(OPTIONS as ChatOptions, around));
  return { code, lines: terminal.stdout };
}

Deno.test("selfTest: everybody gets exactly what the others said, and it says how long it took", async () => {
  const { code, lines: [verdict, time] } = await tested();
  assertEquals(code, 0);
  assertMatch(verdict, /^ok {4}100 clients × 10 messages: each got exactly the 990 of the others/);
  assertMatch(time, /^100 clients × 10 messages: \d+ms$/);
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
  assertEquals(await tested(driver), {
    code: 1,
    lines: ["FAIL  100 clients × 10 messages: connect: refused"],
  });
});

Deno.test("selfTest: one line that comes twice is found", async () => {
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
      const [seven, eight] = ["7", "8"].map((digit) => digit.charCodeAt(0));
      stream.tryWrite = (from) => tryWrite(from.map((byte) => byte === seven ? eight : byte));
      return stream;
    };
    return source;
  };
  const { code, lines } = await tested(driver);
  assertEquals(code, 1);
  assertMatch(lines[0], /^FAIL {2}100 clients × 10 messages: user-\d+ got one twice$/);
});
