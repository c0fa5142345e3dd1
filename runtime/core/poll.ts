/** The answer of a future that is not finished: "I have kept your waker and will use it." */
export const Pending: unique symbol = Symbol("Pending");

/**
 * What one poll answers: the finished value, or {@link Pending}.
 *
 * There is no `Ready` wrapper: a value is its own readiness, so that finishing costs no
 * allocation. A future whose value could itself be `Pending` does not exist.
 */
export type Poll<T> = T | typeof Pending;

/** What a channel or a stream answers when nothing more will come. It is a value, not an error. */
export const End: unique symbol = Symbol("End");

/** The next item, or {@link End}. */
export type Item<T> = T | typeof End;
