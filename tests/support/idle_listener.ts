/** A program that listens for clients who never come. Argument: the driver. It says when it rests. */

import { denoDriver, epollDriver, Runtime } from "wakeful/runtime";
import { TcpListener } from "wakeful/net";

if (import.meta.main) {
  const driver = Deno.args[0] === "epoll" ? epollDriver : denoDriver;
  const runtime = Runtime.builder().driver(driver).enableAll().build();
  await runtime.blockOn(function* () {
    using listener = yield* TcpListener.bind({ port: 0 });
    console.log("listening");
    yield* listener.accept();
  });
}
