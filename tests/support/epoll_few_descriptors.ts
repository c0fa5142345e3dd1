/** A program for `ulimit -n`: a listener without a descriptor left goes on when there is one. */

import { type IoError, type StreamSource, WouldBlock } from "wakeful/runtime";
import { epollReactor } from "./epoll.ts";

if (import.meta.main) {
  const real = epollReactor();
  const connect = () => real.connected(real.reactor.connect(real.listener.localAddr));
  const met: (string | boolean)[] = [];
  const clients: StreamSource[] = [];
  try {
    for (;;) clients.push(await connect());
  } catch (error) {
    met.push((error as IoError).kind);
  }
  for (let i = 0; i < 2; i++) {
    try {
      real.listener.tryAccept();
    } catch (error) {
      met.push((error as IoError).kind);
    }
  }
  clients.pop()!.close();
  met.push(real.listener.tryAccept() !== WouldBlock);
  console.log(JSON.stringify(met));
  Deno.exit();
}
