/** The soak, for as long as a test may take. */

import { assertEquals } from "../support/assert.ts";
import { epollDriver } from "wakeful/runtime";
import { soak } from "./soak/soak.ts";
import { ORIGIN } from "./tool_process.ts";

if (Deno.build.os === "linux") await epollDriver().close(); // loads the C library once, so no test's leak

const KINDS = [["deno", 1], ["epoll", 1], ["deno", 2], ["epoll", 2]] as const;

for (const [driver, threads] of KINDS) {
  Deno.test({
    name: `soak: the echo server loses nothing over ${driver}, threads: ${threads}, ${ORIGIN}`,
    ignore: Deno.build.os !== "linux",
    async fn() {
      const options = { duration: 2_000, connections: 300, rounds: 5, driver, threads };
      assertEquals(await soak(options, () => {}), []);
    },
  });
}
