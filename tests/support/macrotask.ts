import { setImmediate } from "node:timers";

/** Lets the platform's event loop go round once; every promise callback that is ready runs. */
export function macrotask(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
