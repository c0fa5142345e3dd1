import type { Address, Co } from "../../runtime/mod.ts";

/** An echo server that listens, on one thread or on several. */
export interface Service extends Disposable {
  readonly localAddr: Address;
  /** Accepts and serves for ever. Dropped, it accepts no more, and the clients it has live on. */
  serve(): Co<never>;
  /** Lets the clients finish, and closes those that have not when the time is up. */
  drain(): Co<void>;
}
