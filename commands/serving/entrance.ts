import type { Co } from "../../runtime/mod.ts";
import type { Listener, Stream } from "../../net/mod.ts";
import type { Permit, Permits } from "./permits.ts";

/** A client that was let in, and the permit it has. */
export interface Admitted<P extends Permit = Permit> {
  readonly stream: Stream;
  readonly permit: P;
}

/** Where clients come in. */
export interface Entrance<P extends Permit = Permit> {
  /** Waits for the next client; undefined for one that was turned away. */
  admit(): Co<Admitted<P> | undefined>;
}

/** What happens to a client when all permits are taken. */
export type Overflow = "wait" | "refuse";

/** The clients of a listener, as many at a time as there are permits. */
export interface Limits<P extends Permit> {
  readonly listener: Listener<Stream>;
  readonly permits: Permits<P>;
  readonly overflow: Overflow;
  /** Told when a client has to wait or is refused, and which. */
  onFull(consequence: string): void;
}

/** An entrance that nobody else takes permits beside. */
export function ownEntrance<P extends Permit>(limits: Limits<P>): Entrance<P> {
  const admit = limits.overflow === "wait" ? admitFromBacklog : admitOrRefuse;
  return { admit: () => admit(limits) };
}

/** One of several entrances that share their permits: it keeps none while it waits for a client. */
export function sharedEntrance<P extends Permit>(limits: Limits<P>): Entrance<P> {
  const admit = limits.overflow === "wait" ? admitAndHold : admitOrRefuse;
  return { admit: () => admit(limits) };
}

const WAIT = "new clients wait";

/** A permit first: until there is one, new clients stay in the system's backlog. */
function* admitFromBacklog<P extends Permit>(limits: Limits<P>): Co<Admitted<P>> {
  const { listener, permits } = limits;
  let permit = permits.tryAcquire();
  if (permit === undefined) {
    limits.onFull(WAIT);
    permit = yield* permits.acquire();
  }
  let stream: Stream | undefined;
  try {
    stream = yield* listener.accept();
  } finally {
    if (stream === undefined) permit.release();
  }
  return { stream, permit };
}

/** The client first: it waits here for a permit, and the next ones in the system's backlog. */
function* admitAndHold<P extends Permit>(limits: Limits<P>): Co<Admitted<P>> {
  const stream = yield* limits.listener.accept();
  let permit = limits.permits.tryAcquire();
  try {
    if (permit === undefined) {
      limits.onFull(WAIT);
      permit = yield* limits.permits.acquire();
    }
  } finally {
    if (permit === undefined) stream.close();
  }
  return { stream, permit };
}

/** The client first: without a permit for it, it is closed again. */
function* admitOrRefuse<P extends Permit>(limits: Limits<P>): Co<Admitted<P> | undefined> {
  const stream = yield* limits.listener.accept();
  const permit = limits.permits.tryAcquire();
  if (permit !== undefined) return { stream, permit };
  limits.onFull("new clients are refused");
  stream.close();
}
