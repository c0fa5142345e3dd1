import type { Future } from "../core/future.ts";

/** A method that takes `A`, whatever it returns. */
export type Method<A extends unknown[] = never[]> = (...args: A) => unknown;

/** What is there once what was returned has been waited for. */
type Settled<R> = R extends Future<infer T> ? T : R extends Generator<unknown, infer T> ? T : R;

/** The messages that an actor understands: the names of its behaviour's methods. */
export type Message<B> =
  & { [M in keyof B]: B[M] extends Method ? M : never }[keyof B]
  & string;

/** What is sent along with a message: the method's arguments. */
export type Contents<B, M extends keyof B> = B[M] extends (...args: infer A) => unknown ? A : never;

/** What is answered to a message: the method's value, waited for where it is a coroutine's. */
export type Reply<B, M extends keyof B> = B[M] extends Method ? Settled<ReturnType<B[M]>> : never;
