/** nginx, as its package has it, in a folder and on ports of the test's own. */

import { CERTIFICATE, KEY } from "../support/certificates.ts";

export const LARGE_BYTES = 100_000;
const STARTED = /start worker process/;

/** Where it is; undefined where it is not installed. */
export const NGINX = ["nginx", "/usr/sbin/nginx"].find((program) => {
  try {
    return new Deno.Command(program, { args: ["-v"], stderr: "null" }).outputSync().success;
  } catch {
    return false;
  }
});

export class Nginx implements AsyncDisposable {
  readonly httpPort = freePort();
  readonly httpsPort = freePort();
  #folder = Deno.makeTempDirSync();
  #child: Deno.ChildProcess | undefined;
  #log: Promise<void> | undefined;

  /** Serves a small file, a large one, one in chunks, redirects, and what is not there. */
  static async start(): Promise<Nginx> {
    const nginx = new Nginx();
    await nginx.#begin();
    return nginx;
  }

  get socket(): string {
    return `${this.#folder}/socket`;
  }

  http(path: string): string {
    return `http://127.0.0.1:${this.httpPort}${path}`;
  }

  https(path: string): string {
    return `https://localhost:${this.httpsPort}${path}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child?.kill("SIGTERM");
    await this.#log;
    await this.#child?.status;
    await Deno.remove(this.#folder, { recursive: true });
  }

  async #begin(): Promise<void> {
    const files: Record<string, string> = {
      "nginx.conf": this.#configuration(),
      "small.txt": "hello\n",
      "large.txt": "a".repeat(LARGE_BYTES),
      "pieces.shtml": 'before <!--#include virtual="/large.txt" --> after',
      "certificate.pem": CERTIFICATE,
      "key.pem": KEY,
    };
    for (const [name, content] of Object.entries(files)) {
      await Deno.writeTextFile(`${this.#folder}/${name}`, content);
    }
    const args = ["-p", this.#folder, "-c", `${this.#folder}/nginx.conf`];
    this.#child = new Deno.Command(NGINX!, { args, stdout: "null", stderr: "piped" }).spawn();
    const { promise: started, resolve, reject } = Promise.withResolvers<void>();
    this.#log = this.#follow(this.#child.stderr, resolve, reject);
    await started;
  }

  async #follow(
    log: ReadableStream<Uint8Array>,
    onStarted: () => void,
    onEnded: (why: Error) => void,
  ): Promise<void> {
    let text = "";
    for await (const piece of log.pipeThrough(new TextDecoderStream())) {
      text += piece;
      if (STARTED.test(text)) onStarted();
    }
    onEnded(new Error(`nginx has ended: ${text}`));
  }

  #configuration(): string {
    const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
      .map((what) => `${what}_temp_path ${this.#folder}/${what};`).join(" ");
    return `
      daemon off;
      ${Deno.uid() === 0 ? "user root;" : ""}
      worker_processes 1;
      pid ${this.#folder}/pid;
      error_log stderr notice;
      events { worker_connections 512; }
      http {
        access_log off;
        ${temporary}
        keepalive_requests 1000000;
        types { text/plain txt; text/html shtml; }
        gzip on;
        gzip_types text/plain;
        server {
          listen 127.0.0.1:${this.httpPort};
          listen 127.0.0.1:${this.httpsPort} ssl;
          listen unix:${this.socket};
          ssl_certificate ${this.#folder}/certificate.pem;
          ssl_certificate_key ${this.#folder}/key.pem;
          absolute_redirect off;
          root ${this.#folder};
          ssi on;
          location = /away { return 302 /further; }
          location = /further { return 301 /small.txt; }
          location = /busy { return 503; }
        }
      }`;
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
