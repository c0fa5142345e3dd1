import type { Address, Co, DriverName } from "../../runtime/mod.ts";
import { type Listener, type Stream, TcpListener } from "../../net/mod.ts";
import { RuntimeFailure, UsageError } from "../cli/errors.ts";
import { listen, type Place } from "../cli/listen.ts";

/**
 * How the clients of one address come to several threads.
 *
 * - `"shared"`: each thread listens on the same port, and the system deals the clients out. Deno's
 *   connections cannot change threads, so its driver needs this, and Linux for it.
 * - `"handed"`: one thread accepts, and hands the connections over as plain descriptors, so that
 *   each goes to the thread with the fewest. This is the way of the epoll driver.
 */
export type Sharing =
  | { readonly kind: "shared"; readonly host: string; readonly port: number }
  | { readonly kind: "handed" };

/** The way in, as the main thread has it. */
export interface WayIn extends Disposable {
  readonly localAddr: Address;
  readonly sharing: Sharing;
  /** Where the main thread accepts for all; undefined when each accepts for itself. */
  readonly listener: Listener<Stream> | undefined;
}

/** What decides about the way in. */
export interface WayInOptions extends Place {
  readonly driver: DriverName;
}

/**
 * Opens a way in for several threads.
 *
 * @throws {UsageError} for a Unix socket that cannot be shared
 * @throws {RuntimeFailure} when the place cannot be had, or on another system than Linux
 */
export function* openWayIn(options: WayInOptions, os: string): Co<WayIn> {
  if (options.driver === "epoll") {
    const listener = yield* listen(options);
    return wayIn(listener.localAddr, { kind: "handed" }, listener);
  }
  if (options.unix !== undefined) {
    throw new UsageError("--threads with --unix: expected --driver epoll, which can share it");
  }
  if (os !== "linux") {
    throw new RuntimeFailure(
      "cannot spread clients over threads: that needs Linux; leave --threads out",
    );
  }
  // With a port that may be shared nobody notices that it is taken: so try it alone first.
  using probe = yield* listen(options);
  const { localAddr } = probe;
  if (localAddr.transport !== "tcp") throw new TypeError("Expected a TCP listener");
  const { host, port } = localAddr;
  return wayIn(localAddr, { kind: "shared", host, port }, undefined);
}

/** A thread's own listener on a port that is shared. */
export function listenShared({ host, port }: { host: string; port: number }) {
  return TcpListener.bind({ host, port, reusePort: true });
}

function wayIn(localAddr: Address, sharing: Sharing, listener?: Listener<Stream>): WayIn {
  return { localAddr, sharing, listener, [Symbol.dispose]: () => listener?.close() };
}
