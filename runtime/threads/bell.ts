import { MessageChannel, type MessagePort as RefPort } from "node:worker_threads";

const RING = 0;

/** Makes both ends of a bell between two threads: this one's, and a port to be posted. */
export function makeBell(onRing: () => void): [bell: Bell, other: MessagePort] {
  const { port1, port2 } = new MessageChannel();
  return [new Bell(port1 as unknown as MessagePort, onRing), port2 as unknown as MessagePort];
}

/**
 * A port over which two threads wake each other; it keeps the process alive only when asked to.
 *
 * Node's face of a port can be told so. A port that was posted to a Worker may come out with the
 * platform's face, which cannot; but such a thread lives by its own messages anyway.
 */
export class Bell {
  #port: MessagePort;
  #counted: Pick<RefPort, "ref" | "unref"> | undefined;

  constructor(port: MessagePort, onRing: () => void) {
    this.#port = port;
    port.onmessage = onRing;
    if ("unref" in port) this.#counted = port as unknown as RefPort;
    this.#counted?.unref();
  }

  ring(): void {
    this.#port.postMessage(RING);
  }

  keepAlive(yes: boolean): void {
    if (yes) this.#counted?.ref();
    else this.#counted?.unref();
  }

  close(): void {
    this.#port.close();
  }
}
