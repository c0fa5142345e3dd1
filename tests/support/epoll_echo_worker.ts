/** A thread of its own with a runtime of its own: it echoes one client, and says that it has. */

import { epollDriver, Runtime } from "wakeful/runtime";
import { copy, TcpListener, TcpStream } from "wakeful/net";

const runtime = Runtime.builder().driver(epollDriver).enableAll().build();
const refused = await runtime.blockOn(function* () {
  using listener = yield* TcpListener.bind({ port: 0 });
  postMessage(listener.localAddr.port);
  using stream = yield* listener.accept();
  yield* copy(stream, stream);
  listener.close();
  try {
    yield* TcpStream.connect(listener.localAddr);
    return "nothing";
  } catch (error) {
    return (error as Error).message; // by this thread's own errno
  }
});
await runtime.close();
postMessage(refused);
