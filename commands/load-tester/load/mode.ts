/**
 * The three ways to put load on a server: each client asks again when it was answered; requests are
 * due by the clock; the highest rate is searched for that still meets a goal.
 */
export type Mode = "closed" | "open" | "capacity";
