/** A thread of its own that ends another's wait: it writes to the eventfd it is told of. */

import { loadLibc } from "../../runtime/reactor/epoll/libc.ts";

const ONE = new Uint8Array(new BigUint64Array([1n]).buffer);

addEventListener("message", ({ data: fd }: MessageEvent<number>) => {
  loadLibc().libc.write(fd, ONE, ONE.length);
});
