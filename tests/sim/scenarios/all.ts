import type { Scenario } from "../scenario.ts";
import { scenario as echo } from "./echo.ts";
import { scenario as load } from "./load.ts";
import { scenario as proxy } from "./proxy.ts";
import { scenario as queue } from "./queue.ts";
import { scenario as shutdown } from "./shutdown.ts";
import { scenario as sync } from "./sync.ts";

/** Every scenario, as `deno task sim` runs them. */
export const SCENARIOS: readonly Scenario[] = [echo, sync, shutdown, proxy, load, queue];
