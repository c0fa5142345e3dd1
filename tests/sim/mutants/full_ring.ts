import {
  type Address,
  type Driver,
  type Interest,
  type Ready,
  type StreamSource,
  type Token,
  type Tried,
  WouldBlock,
} from "wakeful/runtime";
import { PlantedDriver } from "./planted_driver.ts";

const CAPACITY = 16 * 1024;
const NOTHING = new Uint8Array(0);

/**
 * Planted: each connection reads through a ring buffer that fills its last place as well, so that
 * a full ring looks like an empty one.
 */
export const fullRing = (inner: Driver): Driver => new Ringed(inner);

class Ringed extends PlantedDriver {
  protected override stream(source: StreamSource): StreamSource {
    return new RingedStream(source);
  }
}

class RingedStream implements StreamSource {
  #inner: StreamSource;
  #ring = new Uint8Array(CAPACITY);
  #head = 0;
  #tail = 0;

  constructor(inner: StreamSource) {
    this.#inner = inner;
  }

  tryFill(): Tried<Uint8Array> {
    if (this.#head === this.#tail) {
      const n = this.#inner.tryRead(this.#ring.subarray(this.#tail)); // one too many: this one
      if (n === WouldBlock) return WouldBlock;
      if (n === 0) return NOTHING;
      this.#tail = (this.#tail + n) % CAPACITY;
      if (this.#head === this.#tail) return WouldBlock;
    }
    return this.#ring.subarray(this.#head, this.#tail > this.#head ? this.#tail : CAPACITY);
  }

  consume(n: number): void {
    this.#head = (this.#head + n) % CAPACITY;
  }

  tryRead(into: Uint8Array): Tried<number> {
    const lent = this.tryFill();
    if (lent === WouldBlock) return WouldBlock;
    const n = Math.min(into.length, lent.length);
    into.set(lent.subarray(0, n));
    this.consume(n);
    return n;
  }

  get token(): Token {
    return this.#inner.token;
  }

  get localAddr(): Address {
    return this.#inner.localAddr;
  }

  get peerAddr(): Address {
    return this.#inner.peerAddr;
  }

  readiness(wanted: Interest): Ready {
    const ready = this.#inner.readiness(wanted);
    return { ...ready, readable: ready.readable || this.#head !== this.#tail };
  }

  tryWrite(from: Uint8Array): Tried<number> {
    return this.#inner.tryWrite(from);
  }

  tryFlush(): Tried<void> {
    return this.#inner.tryFlush();
  }

  tryShutdown(): Tried<void> {
    return this.#inner.tryShutdown();
  }

  setNoDelay(on: boolean): void {
    this.#inner.setNoDelay(on);
  }

  close(): void {
    this.#inner.close();
  }

  abort(): void {
    this.#inner.abort();
  }
}
