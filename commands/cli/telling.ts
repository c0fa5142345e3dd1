import type { Logger, RuntimeBuilder } from "../../runtime/mod.ts";

/** Lets a runtime tell a command's log what it does, and which tasks have failed unjoined. */
export function tellTo<R>(builder: RuntimeBuilder<R>, log: Logger): RuntimeBuilder<R> {
  const runtimeLog = log.for("runtime");
  return builder.tracer(log.tracer).onUnjoinedError((task, error) => {
    const message = error instanceof Error ? error.message : String(error);
    runtimeLog.error(`a task failed: ${message}`, { task });
  });
}
