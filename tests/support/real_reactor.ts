import {
  type ConnectSource,
  denoDriver,
  type Driver,
  type Interest,
  type ListenerSource,
  noopWaker,
  Reactor,
  READABLE,
  type Source,
  type StreamSource,
  type Tried,
  WouldBlock,
  WRITABLE,
} from "wakeful/runtime";
import { assert } from "./assert.ts";

/** A reactor on the platform's own sockets, by itself: try, wait, try again. */
export class RealReactor {
  readonly reactor: Reactor;
  readonly listener: ListenerSource;

  constructor(makeDriver: () => Driver = denoDriver) {
    this.reactor = new Reactor(makeDriver());
    this.listener = this.reactor.listen({ transport: "tcp", host: "127.0.0.1", port: 0 });
  }

  /** Tries until it does not block any more. */
  async until<T>(source: Source, interest: Interest, attempt: () => Tried<T>): Promise<T> {
    for (;;) {
      const tried = attempt();
      if (tried !== WouldBlock) return tried;
      this.reactor.setWaker(source.token, interest, noopWaker());
      assert(await this.reactor.wait(10_000) > 0, "nothing became ready");
    }
  }

  accept(): Promise<StreamSource> {
    return this.until(this.listener, READABLE, () => this.listener.tryAccept());
  }

  connected(attempt: ConnectSource): Promise<StreamSource> {
    return this.until(attempt, WRITABLE, () => attempt.tryConnect());
  }

  /** Both ends of one connection. */
  async pair(): Promise<[StreamSource, StreamSource]> {
    const client = await this.connected(this.reactor.connect(this.listener.localAddr));
    return [client, await this.accept()];
  }

  /** Reads once, at most `size` bytes. */
  async read(stream: StreamSource, size = 100_000): Promise<Uint8Array> {
    const into = new Uint8Array(size);
    const n = await this.until(stream, READABLE, () => stream.tryRead(into));
    return into.subarray(0, n);
  }

  /** Reads to the peer's end. */
  async readAll(stream: StreamSource): Promise<number> {
    let total = 0;
    for (;;) {
      const { length } = await this.read(stream);
      if (length === 0) return total;
      total += length;
    }
  }

  /** Sends all of it. */
  async write(stream: StreamSource, bytes: Uint8Array): Promise<void> {
    for (let sent = 0; sent < bytes.length;) {
      const rest = bytes.subarray(sent);
      sent += await this.until(stream, WRITABLE, () => stream.tryWrite(rest));
    }
    await this.until(stream, WRITABLE, () => stream.tryFlush());
  }

  close(...streams: Source[]): void | Promise<void> {
    for (const stream of streams) stream.close();
    this.listener.close();
    return this.reactor.close();
  }
}
