/** What the epoll driver's tests share. Importing this loads the C library: once, so no test's leak. */

import { epollDriver } from "wakeful/runtime";
import { loadLibc } from "../../runtime/reactor/epoll/libc.ts";
import { RealReactor } from "./real_reactor.ts";

export const { libc } = loadLibc();
await epollDriver().close();

/** A reactor on the epoll driver, by itself. */
export function epollReactor(): RealReactor {
  return new RealReactor(epollDriver);
}

/** How many descriptors this process has open. Other tests in it open some, too. */
export function openDescriptors(): number {
  return [...Deno.readDirSync("/proc/self/fd")].length;
}
