/** Folders for the time of a measurement. */

const present = new Set<TempFolder>();

/** Removes every folder that is still there; for signal handlers, where nothing can be awaited. */
export function removeAll(): void {
  for (const folder of present) {
    try {
      folder[Symbol.dispose]();
    } catch {
      // A program that has only just been told to end may still write to it.
    }
  }
}

/** An empty folder, gone with all that is in it when it goes out of scope. */
export class TempFolder implements Disposable {
  readonly path = Deno.makeTempDirSync();

  constructor() {
    present.add(this);
  }

  [Symbol.dispose](): void {
    present.delete(this);
    Deno.removeSync(this.path, { recursive: true });
  }
}
