/** Ours, with a million timers set already. */
import { setAndCancel } from "../wakeful_workloads.ts";
import type { Workloads } from "../workload.ts";

const LIVE = 1_000_000;

export const workloads: Workloads = { "wheel": setAndCancel(LIVE) };
