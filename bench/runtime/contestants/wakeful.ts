/** Our own runtime, as everybody uses it. */
import { Runtime } from "wakeful/runtime";
import { workloadsOn } from "../wakeful_workloads.ts";

export const workloads = workloadsOn(Runtime.builder().enableTime().build());
