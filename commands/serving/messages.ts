/** What a server says to one of its threads; `I` is what this server has to say besides. */
export type Order<I> = I | { readonly kind: "end" };

/** What a thread says to its server; `O` is what those of this server have to say besides. */
export type Report<O> = O | { readonly kind: "ready" };
