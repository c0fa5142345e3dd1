import type { Co, Future } from "../../runtime/mod.ts";

/** What dealing with a message may answer: something to wait for before the next one. */
export type Waits = Co<void> | Future<void> | undefined;

/** What a server says to one of its threads; `I` is what this server has to say besides. */
export type Order<I> = I | { readonly kind: "end" };

/** What a thread says to its server; `O` is what those of this server have to say besides. */
export type Report<O> = O | { readonly kind: "ready" };
