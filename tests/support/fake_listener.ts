import { type FakeConn, microtasks } from "./fake_conn.ts";
import { stubbed } from "./stub.ts";

/** A listener of Deno's whose accepts complete when the test says so. */
export class FakeListener {
  readonly addr: Deno.NetAddr = { transport: "tcp", hostname: "127.0.0.1", port: 7 };
  accepts = 0;
  closed = false;
  #accepting: PromiseWithResolvers<Deno.Conn> | undefined;

  accept(): Promise<Deno.Conn> {
    if (this.#accepting) throw new Error("two accepts at once");
    this.accepts++;
    this.#accepting = Promise.withResolvers();
    return this.#accepting.promise;
  }

  async arrive(conn: FakeConn): Promise<void> {
    this.#take().resolve(conn.asDeno);
    await microtasks();
  }

  async fail(error: Error): Promise<void> {
    this.#take().reject(error);
    await microtasks();
  }

  close(): void {
    this.closed = true;
  }

  #take() {
    const accepting = this.#accepting!;
    this.#accepting = undefined;
    return accepting;
  }
}

/** Calls `make` while `Deno.listen` answers a fake listener; tells what it was asked. */
export function withFakeListen<T>(make: () => T) {
  const listener = new FakeListener();
  const asked: unknown[] = [];
  using _stub = stubbed(Deno, "listen", (options: unknown) => {
    asked.push(options);
    return listener;
  });
  return { made: make(), listener, asked };
}
