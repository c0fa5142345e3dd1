import type { AsyncRead } from "../bytes/async_read.ts";
import type { AsyncWrite } from "../bytes/async_write.ts";

/**
 * What a connection runs over: every stream of this house, and whatever else reads, writes and
 * ends like one, such as a stream that encrypts.
 */
export interface Transport extends AsyncRead, AsyncWrite {
  /** Ends both directions; whoever waits in one of them is woken and hears of it. */
  close(): void;
  /** As `close`, but drops what was written and has not gone out. */
  abort?(): void;
  /** Whether small writes go out at once: a head and the pieces of a body are no use half sent. */
  setNoDelay?(on: boolean): void;
}
