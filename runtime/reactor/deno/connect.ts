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

/** A connection on its way; abandoned, it is closed when it arrives. */
export class DenoConnect implements ConnectSource {
  readonly token: Token;
  #registrar: Registrar;
  #submissions: Submissions;
  #conn: Deno.Conn | undefined;
  #failed: IoError | undefined;
  #done = false;

  constructor(address: Address, registrar: Registrar, submissions: Submissions) {
    this.#registrar = registrar;
    this.#submissions = submissions;
    this.token = registrar.register();
    dial(address).then(
      (conn) => this.#arrive(conn),
      (error) => this.#fail(ioError(`connect to ${showAddress(address)}`, error)),
    );
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

function dial(address: Address): Promise<Deno.Conn> {
  if (address.transport === "unix") {
    return Deno.connect({ transport: "unix", path: address.path });
  }
  return Deno.connect({ hostname: address.host, port: address.port });
}
