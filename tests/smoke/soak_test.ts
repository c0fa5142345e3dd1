/** The soak, for as long as a test may take. */

import { assertEquals } from "../support/assert.ts";
import { soak } from "./soak/soak.ts";
import { ORIGIN } from "./tool_process.ts";

for (const driver of ["deno", "epoll"] as const) {
  Deno.test({
    name: `soak: the echo server loses nothing over ${driver}, ${ORIGIN}`,
    ignore: Deno.build.os !== "linux",
    async fn() {
      const options = { duration: 2_000, connections: 300, rounds: 5, driver };
      assertEquals(await soak(options, () => {}), []);
    },
  });
}
