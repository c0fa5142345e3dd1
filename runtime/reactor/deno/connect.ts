import { Closed, type IoError } from "../../core/errors.ts";
import {
  type Address,
  type ConnectSource,
  type StreamSource,
  type Token,
  type Tried,
  WouldBlock,
  WRITABLE,
} from "../../core/io.ts";
import { showAddress } from "../../core/address.ts";
import type { Registrar } from "../driver.ts";
import { ioError } from "./errors.ts";
import { DenoStream } from "./stream.ts";
import type { Submissions } from "./submissions.ts";

/** A connection that is being made. */
export interface Dialing {
  /** Fails with {@link IoError}. */
  readonly conn: Promise<Deno.Conn>;
  /** Nobody waits for it any more; it may still arrive. */
  abandon(): void;
}

/** A connection on its way; abandoned, it is closed when it arrives. */
export class DenoConnect implements ConnectSource {
  readonly token: Token;
  #dialing: Dialing;
  #registrar: Registrar;
  #submissions: Submissions;
  #conn: Deno.Conn | undefined;
  #failed: IoError | undefined;
  #done = false;

  constructor(dialing: Dialing, registrar: Registrar, submissions: Submissions) {
    this.#dialing = dialing;
    this.#registrar = registrar;
    this.#submissions = submissions;
    this.token = registrar.register();
    dialing.conn.then((conn) => this.#arrive(conn), (error) => this.#fail(error));
  }

  tryConnect(): Tried<StreamSource> {
    if (this.#failed !== undefined) throw this.#failed;
    if (this.#done) throw new Closed("the connection attempt");
    const conn = this.#conn;
    if (conn === undefined) return WouldBlock;
    this.#conn = undefined;
    this.close();
    return new DenoStream(conn, this.#registrar, this.#submissions);
  }

  close(): void {
    this.#done = true;
    this.#dialing.abandon();
    this.#conn?.close();
    this.#conn = undefined;
    this.#registrar.deregister(this.token);
  }

  #arrive(conn: Deno.Conn): void {
    if (this.#done) return conn.close();
    this.#conn = conn;
    this.#registrar.deliver(this.token, WRITABLE);
  }

  #fail(error: IoError): void {
    this.#failed = error;
    this.#registrar.deliver(this.token, WRITABLE);
  }
}

/** Connects. Deno has no way to give that up. */
export function dial(address: Address): Dialing {
  return { conn: connect(address), abandon() {} };
}

async function connect(address: Address): Promise<Deno.Conn> {
  try {
    if (address.transport === "unix") {
      return await Deno.connect({ transport: "unix", path: address.path });
    }
    return await Deno.connect({ hostname: address.host, port: address.port });
  } catch (error) {
    throw ioError(`connect to ${showAddress(address)}`, error);
  }
}
