/** An `AbortSignal` that counts who listens. */
export class FakeAbortSignal extends EventTarget {
  aborted = false;
  reason: unknown;
  readonly #listening = new Set<unknown>();

  /** As an argument for what wants an `AbortSignal`. */
  get signal(): AbortSignal {
    return this as unknown as AbortSignal;
  }

  get listeners(): number {
    return this.#listening.size;
  }

  abort(reason: unknown): void {
    this.aborted = true;
    this.reason = reason;
    this.dispatchEvent(new Event("abort"));
  }

  override addEventListener(type: string, listener: EventListener, options?: object): void {
    this.#listening.add(listener);
    super.addEventListener(type, listener, options);
  }

  override removeEventListener(type: string, listener: EventListener): void {
    this.#listening.delete(listener);
    super.removeEventListener(type, listener);
  }
}
