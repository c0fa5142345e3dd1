import { sysError } from "../../../../runtime/reactor/epoll/errors.ts";
import { assertEquals } from "../../../support/assert.ts";

Deno.test("sysError: says what was being done, and of what kind it is", () => {
  const { kind, message } = sysError("connect to 192.0.2.1:80", 111);
  assertEquals([kind, message], [
    "connection-refused",
    "connect to 192.0.2.1:80: connection refused",
  ]);
});

Deno.test("sysError: an error without a name keeps its number", () => {
  const { kind, message } = sysError("read", 4095);
  assertEquals([kind, message], ["other", "read: error 4095"]);
});
