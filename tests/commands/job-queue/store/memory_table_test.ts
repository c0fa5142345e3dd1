/** The store in memory does what every store does. */

import { MemoryTable } from "../../../../commands/job-queue/store/memory_table.ts";
import { conformance } from "./conformance.ts";
import { fairness } from "./fairness.ts";
import { schedules } from "./schedules.ts";

conformance("store in memory", () => new MemoryTable());
fairness("store in memory", () => new MemoryTable());
schedules("store in memory", () => new MemoryTable());
