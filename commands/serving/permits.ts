import type { Co, Future } from "../../runtime/mod.ts";

/** What a connection holds as long as it is served. */
export interface Permit {
  /** Gives it back; once more is a no-op. */
  release(): void;
}

/** As many permits as there may be connections: a `Semaphore`, or {@link SharedPermits}. */
export interface Permits<P extends Permit = Permit> {
  tryAcquire(): P | undefined;
  acquire(): Future<P> | Co<P>;
}
