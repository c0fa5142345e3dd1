import { connect, type TLSSocket } from "node:tls";

const NOTHING = new Uint8Array(0);

/** A connection of Node's that takes any certificate, and when it has come how far. */
export interface NodeDialing {
  readonly socket: TLSSocket;
  readonly connected: Promise<void>;
  readonly secured: Promise<void>;
}

/** Connects; errors are in Deno's words. */
export function connectUnchecked(host: string, port: number, serverName: string): NodeDialing {
  const servername = isNumber(serverName) ? "" : serverName; // RFC 6066 §3 has names only
  const socket = connect({ host, port, servername, rejectUnauthorized: false });
  const reached = (event: "connect" | "secureConnect") =>
    new Promise<void>((resolve, reject) => {
      socket.once(event, () => resolve());
      socket.once("error", (error) => reject(inDenosWords(error)));
      socket.once("close", () => reject(new Error("the connection was closed")));
    });
  const [connected, secured] = [reached("connect"), reached("secureConnect")];
  secured.catch(() => {}); // also when nobody has come to wait for it
  return { socket, connected, secured };
}

function isNumber(host: string): boolean {
  return host.includes(":") || /^[\d.]+$/.test(host);
}

/** What a stream asks of a connection of Deno's, over a socket of Node's. */
export class NodeConn {
  readonly #socket: TLSSocket;
  /** What has come and was not taken. */
  #left: Uint8Array = NOTHING;
  #ended = false;
  #failed: Error | undefined;
  #changed = () => {};

  private constructor(socket: TLSSocket) {
    this.#socket = socket;
    socket.on("readable", () => this.#changed());
    socket.on("end", () => this.#end());
    socket.on("close", () => this.#end());
    socket.on("error", (error) => this.#end(inDenosWords(error)));
  }

  /** The parts of a connection that a stream uses; the others are missing. */
  static over(socket: TLSSocket): Deno.Conn {
    return new NodeConn(socket) as unknown as Deno.Conn;
  }

  get localAddr(): Deno.Addr {
    const { localAddress = "", localPort = 0 } = this.#socket;
    return { transport: "tcp", hostname: localAddress, port: localPort };
  }

  get remoteAddr(): Deno.Addr {
    const { remoteAddress = "", remotePort = 0 } = this.#socket;
    return { transport: "tcp", hostname: remoteAddress, port: remotePort };
  }

  async read(into: Uint8Array): Promise<number | null> {
    while (this.#left.length === 0) {
      const changed = new Promise<void>((resolve) => this.#changed = resolve);
      const chunk: Uint8Array | null = this.#socket.read();
      if (chunk !== null) this.#left = chunk;
      else if (this.#failed !== undefined) throw this.#failed;
      else if (this.#ended) return null;
      else await changed;
    }
    const n = Math.min(into.length, this.#left.length);
    into.set(this.#left.subarray(0, n));
    this.#left = this.#left.subarray(n);
    return n;
  }

  write(from: Uint8Array): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#socket.write(
        from,
        (error) => error ? reject(inDenosWords(error)) : resolve(from.length),
      );
    });
  }

  closeWrite(): Promise<void> {
    return new Promise((resolve) => this.#socket.end(() => resolve()));
  }

  setNoDelay(on: boolean): void {
    this.#socket.setNoDelay(on);
  }

  close(): void {
    this.#socket.destroy();
  }

  #end(error?: Error): void {
    this.#ended = true;
    this.#failed ??= error;
    this.#changed();
  }
}

const NAMES: Readonly<Record<string, string>> = {
  ECONNREFUSED: "ConnectionRefused",
  ECONNRESET: "ConnectionReset",
  ETIMEDOUT: "TimedOut",
};

/** Node tells errors by code, Deno by class. */
function inDenosWords(error: Error): Error {
  const name = NAMES[(error as { code?: string }).code ?? ""];
  return name === undefined ? error : Object.assign(new Error(error.message), { name });
}
