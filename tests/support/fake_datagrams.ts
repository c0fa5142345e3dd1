import { microtasks } from "./fake_conn.ts";

/** A UDP socket of Deno's whose receives and sends complete when the test says so. */
export class FakeDatagrams {
  readonly addr: Deno.NetAddr = { transport: "udp", hostname: "127.0.0.1", port: 7 };
  readonly sent: [Uint8Array, Deno.Addr][] = [];
  closed = false;
  #receiving: (PromiseWithResolvers<[Uint8Array, Deno.Addr]> & { into: Uint8Array }) | undefined;
  #sending: PromiseWithResolvers<number> | undefined;

  get isReceiving(): boolean {
    return this.#receiving !== undefined;
  }

  receive(into: Uint8Array): Promise<[Uint8Array, Deno.Addr]> {
    if (this.#receiving) throw new Error("two receives at once");
    this.#receiving = { ...Promise.withResolvers(), into };
    return this.#receiving.promise;
  }

  send(bytes: Uint8Array, to: Deno.Addr): Promise<number> {
    if (this.#sending) throw new Error("two sends at once");
    this.sent.push([bytes, to]);
    this.#sending = Promise.withResolvers();
    return this.#sending.promise;
  }

  close(): void {
    if (this.closed) throw new Deno.errors.BadResource("closed twice");
    this.closed = true;
    this.#takeReceiving()?.reject(new Deno.errors.Interrupted("operation canceled"));
  }

  async arrive(bytes: Uint8Array, port = 5): Promise<void> {
    const receiving = this.#takeReceiving()!;
    receiving.into.set(bytes);
    const from: Deno.NetAddr = { transport: "udp", hostname: "127.0.0.1", port };
    receiving.resolve([receiving.into.subarray(0, bytes.length), from]);
    await microtasks();
  }

  async failReceive(error: Error): Promise<void> {
    this.#takeReceiving()!.reject(error);
    await microtasks();
  }

  async finishSend(error?: Error): Promise<void> {
    const sending = this.#sending!;
    this.#sending = undefined;
    if (error) sending.reject(error);
    else sending.resolve(1);
    await microtasks();
  }

  #takeReceiving() {
    const receiving = this.#receiving;
    this.#receiving = undefined;
    return receiving;
  }
}
