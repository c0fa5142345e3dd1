/**
 * Where every thread begins that the runtime starts.
 *
 * A program that is compiled to an executable has to carry this file along, since nothing imports
 * it: `deno compile --include runtime/threads/worker_main.ts`.
 */

import { parentPort, workerData } from "node:worker_threads";
import type { ThreadStart } from "../thread/messages.ts";
import { runThread } from "../thread/run_thread.ts";
import { type PoolStart, workInPool } from "./pool_main.ts";

const start: PoolStart | ThreadStart = workerData;

if (start.role === "pool") await workInPool(start, parentPort!);
else await runThread(start, parentPort!);
