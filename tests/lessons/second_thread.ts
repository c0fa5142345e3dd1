import type { Parker } from "wakeful/runtime";

/** What the second thread is handed: shared memory only, for nothing else is the same over there. */
export interface Errand {
  readonly answer: SharedArrayBuffer;
  readonly parker: SharedArrayBuffer;
}

/** A thread that leaves 42 in shared memory and then wakes whoever is parked. */
export class SecondThread implements Disposable {
  readonly #worker = new Worker(new URL("./second_thread_main.ts", import.meta.url), {
    type: "module",
  });
  readonly #answer = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

  /** Starts it. The thread that waits here must not be parked yet: starting takes its help. */
  static async start(): Promise<SecondThread> {
    const thread = new SecondThread();
    await new Promise((resolve) => thread.#worker.onmessage = resolve);
    return thread;
  }

  /** Has it answer and then unpark `parker`. */
  ask(parker: Parker): void {
    const errand: Errand = { answer: this.#answer.buffer, parker: parker.buffer };
    this.#worker.postMessage(errand);
  }

  /** What it has left; 0 as long as that is nothing. */
  get answer(): number {
    return Atomics.load(this.#answer, 0);
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
  }
}
