import { blockOn, IoError } from "wakeful/runtime";
import { lookup } from "wakeful/net";
import { assertEquals, assertRejects } from "../support/assert.ts";

Deno.test("lookup: the name of this machine, and an address as it is", async () => {
  assertEquals(await blockOn(() => lookup("localhost", 4)), "127.0.0.1");
  assertEquals(await blockOn(() => lookup("192.0.2.7", 4)), "192.0.2.7");
  assertEquals(await blockOn(() => lookup("::1", 6)), "::1");
});

Deno.test("lookup: a name that nobody has", async () => {
  const error = await assertRejects(
    () => blockOn(() => lookup("nowhere.invalid", 6)),
    IoError,
    "resolve nowhere.invalid: no IPv6 address",
  );
  assertEquals(error.kind, "host-not-found");
});

Deno.test("lookup: an address of the other family is none", async () => {
  await assertRejects(() => blockOn(() => lookup("127.0.0.1", 6)), IoError, "no IPv6 address");
});
