/** A small HTTP client for load: it takes so little that the server is the limit. */
import { BenchFailure } from "../harness/failure.ts";

const UTF8 = new TextEncoder();
const LATIN1 = new TextDecoder("latin1");
const HEAD_END = "\r\n\r\n";

/** One connection: a request, then its answer, and so on. */
export class HttpClient implements Disposable {
  #connection: Deno.TcpConn;
  #buffer = new Uint8Array(64 * 1024);

  private constructor(connection: Deno.TcpConn) {
    this.#connection = connection;
  }

  static async connect(port: number): Promise<HttpClient> {
    return new HttpClient(await Deno.connect({ hostname: "127.0.0.1", port }));
  }

  /** Sends bytes that were encoded before, and answers the body. */
  async send(request: Uint8Array): Promise<string> {
    for (let sent = 0; sent < request.length;) {
      sent += await this.#connection.write(request.subarray(sent));
    }
    let text = "";
    for (;;) {
      const read = await this.#connection.read(this.#buffer);
      if (read === null) throw new BenchFailure("the server closed a connection");
      text += LATIN1.decode(this.#buffer.subarray(0, read));
      const body = bodyOf(text);
      if (body !== undefined) return body;
    }
  }

  // deno-lint-ignore no-explicit-any -- the server's JSON
  async ask(method: string, path: string, body?: unknown): Promise<any> {
    return JSON.parse(await this.send(encode(method, path, body)));
  }

  [Symbol.dispose](): void {
    this.#connection.close();
  }
}

/** The body, when all of it has come. */
function bodyOf(text: string): string | undefined {
  const head = text.indexOf(HEAD_END);
  if (head < 0) return undefined;
  const length = Number(/content-length: (\d+)/i.exec(text.slice(0, head))?.[1]);
  const body = text.slice(head + HEAD_END.length);
  if (body.length < length) return undefined;
  if (!text.startsWith("HTTP/1.1 2")) {
    throw new BenchFailure(`the server says ${text.slice(0, 200)}`);
  }
  return body;
}

export function encode(method: string, path: string, body?: unknown): Uint8Array {
  const text = body === undefined ? "" : JSON.stringify(body);
  const fields = `Host: x\r\nContent-Type: application/json\r\nContent-Length: ${text.length}`;
  return UTF8.encode(`${method} ${path} HTTP/1.1\r\n${fields}${HEAD_END}${text}`);
}
