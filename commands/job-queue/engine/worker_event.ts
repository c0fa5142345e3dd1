import type { SupervisorEvent } from "../../../runtime/mod.ts";
import { messageOf } from "./error_text.ts";

/** What has happened to a worker. */
export interface WorkerNews {
  readonly event: "WorkerCrashed" | "WorkerRestarted" | "WorkersGaveUp";
  readonly worker: string;
  readonly error?: string;
}

/** What a supervisor's event is to whoever looks after workers; most are nothing to them. */
export function workerNews(event: SupervisorEvent): WorkerNews | undefined {
  switch (event.what) {
    case "failed":
      return { event: "WorkerCrashed", worker: event.child, error: messageOf(event.error) };
    case "restarted":
      return { event: "WorkerRestarted", worker: event.child };
    case "gave up":
      return { event: "WorkersGaveUp", worker: "all", error: event.error.message };
  }
}
