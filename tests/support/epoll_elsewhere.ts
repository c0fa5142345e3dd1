/** A program on a platform that there is no epoll for: it prints what the driver says to that. */

Object.defineProperty(Deno, "build", { value: { ...Deno.build, os: "plan9", arch: "pdp11" } });
const { epollDriver } = await import("wakeful/runtime");

try {
  await epollDriver().close();
} catch (error) {
  console.log((error as Error).message);
}

export {};
