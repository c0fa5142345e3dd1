import { RestartLimit } from "wakeful/runtime";
import { workerNews } from "../../../../commands/job-queue/engine/worker_event.ts";
import { assertEquals } from "../../../support/assert.ts";

Deno.test("worker event: crashes, restarts and giving up are news", () => {
  const error = new Error("out of memory");
  assertEquals(workerNews({ what: "failed", child: "worker 2", error }), {
    ...{ event: "WorkerCrashed", worker: "worker 2", error: "out of memory" },
  });
  const restarted = {
    what: "restarted",
    child: "worker 2",
    because: "worker 2",
    delay: 0,
  } as const;
  assertEquals(workerNews(restarted), { event: "WorkerRestarted", worker: "worker 2" });
  const crash = { child: "worker 2", at: 1, ended: { how: "error", error } } as const;
  const limit = new RestartLimit([crash], 60_000);
  assertEquals(workerNews({ what: "gave up", error: limit }), {
    ...{ event: "WorkersGaveUp", worker: "all", error: limit.message },
  });
});

Deno.test("worker event: that workers begin and end as they should is none", () => {
  for (const what of ["started", "finished", "stopped"] as const) {
    assertEquals(workerNews({ what, child: "worker 1" }), undefined);
  }
});
