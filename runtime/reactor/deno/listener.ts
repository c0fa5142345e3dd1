import { Closed, type IoError, type IoErrorKind } from "../../core/errors.ts";
import {
  type Address,
  type ListenerSource,
  type ListenOptions,
  READABLE,
  type StreamSource,
  type Token,
  type Tried,
  WouldBlock,
} from "../../core/io.ts";
import type { Registrar } from "../driver.ts";
import { fromDeno } from "./address.ts";
import { showAddress } from "../../core/address.ts";
import { ioError } from "./errors.ts";
import { DenoStream } from "./stream.ts";
import type { Submission, Submissions } from "./submissions.ts";

/**
 * Deno's own default, 511, drops SYNs in a connect storm, and each costs its client a second. The
 * kernel lowers this to its own limit where that is smaller.
 */
const DEFAULT_BACKLOG = 4096;

/**
 * A client that reset its connection while it was in the backlog is its own affair and no failure
 * to accept: the next one may be there already.
 */
const CLIENT_GONE: readonly IoErrorKind[] = ["connection-aborted", "connection-reset"];

/** A listener with at most one accept in flight; what it brings waits here until it is taken. */
export class DenoListener implements ListenerSource, Submission {
  readonly token: Token;
  readonly localAddr: Address;
  #listener: Deno.Listener;
  #registrar: Registrar;
  #submissions: Submissions;
  #accepted: Deno.Conn | undefined;
  #failed: IoError | undefined;
  #accepting = false;
  #closed = false;

  constructor(
    address: Address,
    options: ListenOptions,
    registrar: Registrar,
    submissions: Submissions,
  ) {
    this.#listener = bind(address, options);
    this.localAddr = fromDeno(this.#listener.addr);
    this.#registrar = registrar;
    this.#submissions = submissions;
    this.token = registrar.register();
  }

  tryAccept(): Tried<StreamSource> {
    if (this.#closed) throw new Closed("the listener");
    if (this.#failed !== undefined) {
      const error = this.#failed;
      this.#failed = undefined;
      throw error;
    }
    const conn = this.#accepted;
    if (conn === undefined) {
      this.#submitOnce();
      return WouldBlock;
    }
    this.#accepted = undefined;
    return new DenoStream(conn, this.#registrar, this.#submissions);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#listener.close();
    this.#accepted?.close();
    this.#registrar.deregister(this.token);
  }

  /** Starts the accept. For the driver, at the end of the turn. */
  submit(): void {
    if (this.#closed) return;
    this.#listener.accept().then(this.#onAccept, this.#onError);
  }

  #submitOnce(): void {
    if (this.#accepting) return;
    this.#accepting = true;
    this.#submissions.add(this);
  }

  #onAccept = (conn: Deno.Conn): void => {
    this.#accepting = false;
    if (this.#closed) return conn.close();
    this.#accepted = conn;
    this.#registrar.deliver(this.token, READABLE);
  };

  #onError = (error: unknown): void => {
    const failed = ioError(`accept on ${showAddress(this.localAddr)}`, error);
    if (CLIENT_GONE.includes(failed.kind)) return this.submit();
    this.#accepting = false;
    this.#failed = failed;
    this.#registrar.deliver(this.token, READABLE);
  };
}

function bind(address: Address, options: ListenOptions): Deno.Listener {
  try {
    if (address.transport === "unix") {
      return Deno.listen({ transport: "unix", path: address.path });
    }
    const { host: hostname, port } = address;
    const sharing = options.reusePort ? { reusePort: true } : {};
    const tcpBacklog = options.backlog ?? DEFAULT_BACKLOG;
    return Deno.listen({ hostname, port, tcpBacklog, ...sharing });
  } catch (error) {
    throw ioError(`listen on ${showAddress(address)}`, error);
  }
}
