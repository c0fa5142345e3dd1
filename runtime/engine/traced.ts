import type { Logger } from "../trace/logger.ts";
import type { OrphanReporter } from "./event_loop.ts";
import type { EngineHooks } from "./hooks.ts";

/** What a runtime tells a tracer: one hook per kind of event, none for what nobody wants to hear. */
export interface TracedHooks extends EngineHooks {
  readonly onShutdown?: (tasks: number) => void;
  readonly onOrphan?: OrphanReporter;
}

/** The hooks that turn what happens in an engine into events of `log`. */
export function tracedHooks(log: Logger, slowPollMs: number): TracedHooks {
  const slowPoll = {
    milliseconds: slowPollMs,
    tell: (tasks: readonly { readonly name: string }[], took: number) =>
      log.warn("a poll held the thread", { task: oneOf(tasks), ms: Math.round(took) }),
  };
  return {
    ...(log.enabled("warn") && { slowPoll }),
    ...(log.enabled("debug") && {
      onShutdown: (tasks) => log.debug("shutting down", { tasks }),
      onOrphan: (task, error) =>
        log.debug("nobody asked for an error", {
          task,
          error: shown(error),
          stack: stackOf(error),
        }),
    }),
    ...(log.enabled("trace") && {
      onTaskStart: ({ name }) => log.trace("task spawned", { task: name }),
      onTaskEnd: ({ name }, outcome) => log.trace("task ended", { task: name, outcome }),
    }),
  };
}

function oneOf(tasks: readonly { readonly name: string }[]): string {
  const names = [...new Set(tasks.map(({ name }) => name))];
  return names.length === 1 ? names[0] : `one of ${names.join(", ")}`;
}

function shown(error: unknown): Error | string {
  return error instanceof Error ? error : String(error);
}

function stackOf(error: unknown): string | undefined {
  return error instanceof Error ? error.stack : undefined;
}
