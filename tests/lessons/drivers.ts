import { denoDriver, type Driver, epollDriver } from "wakeful/runtime";

/** The drivers that this machine has, by name: what a reactor does is the same over each. */
export const DRIVERS: readonly (readonly [name: string, make: () => Driver])[] = [
  ["deno", denoDriver],
  ...(Deno.build.os === "linux" ? [["epoll", epollDriver] as const] : []),
];

// The C library is loaded once for the whole process: here, so that it is no test's leak.
for (const [, make] of DRIVERS) await make().close();
