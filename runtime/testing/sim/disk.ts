import type { Random } from "../../collections/random.ts";
import { IoError } from "../../core/errors.ts";

const NOTHING = new Uint8Array(0);
/** A disk writes this much at once, or not at all. */
const SECTOR_BYTES = 512;

interface File {
  /** As programs see it. */
  content: Uint8Array;
  /** As it is on the platters. */
  durable: Uint8Array;
}

/**
 * The files of a simulated machine. They outlive its processes; what was not synced may not
 * outlive a power cut.
 *
 * After a power cut each sector that was written and not synced is the old one or the new one, and
 * a file that grew has any length in between. A rename and a removal happen as a whole, and are on
 * the disk at once.
 */
export class SimDisk {
  #files: Map<string, File> = new Map();

  /** The paths that begin with `prefix`, in order. */
  list(prefix: string = ""): string[] {
    return [...this.#files.keys()].filter((path) => path.startsWith(prefix)).sort();
  }

  exists(path: string): boolean {
    return this.#files.has(path);
  }

  /** A copy of the whole file. @throws {IoError} `not-found` */
  read(path: string): Uint8Array {
    return this.#open(path).content.slice();
  }

  /** Replaces the file, or makes it. It is not synced. */
  write(path: string, bytes: Uint8Array): void {
    this.#openOrMake(path).content = bytes.slice();
  }

  /** Adds to the end of the file, or makes it. It is not synced. */
  append(path: string, bytes: Uint8Array): void {
    const file = this.#openOrMake(path);
    const joined = new Uint8Array(file.content.length + bytes.length);
    joined.set(file.content);
    joined.set(bytes, file.content.length);
    file.content = joined;
  }

  /** What was written so far will outlive a power cut. @throws {IoError} `not-found` */
  sync(path: string): void {
    const file = this.#open(path);
    file.durable = file.content.slice();
  }

  /** @throws {IoError} `not-found` */
  rename(from: string, to: string): void {
    const file = this.#open(from);
    this.#files.delete(from);
    this.#files.set(to, file);
  }

  /** @throws {IoError} `not-found` */
  remove(path: string): void {
    this.#open(path);
    this.#files.delete(path);
  }

  /** Runs `action`; what it does to the files is undone. */
  keptFrom(action: () => void): void {
    const files = this.#files;
    this.#files = new Map(Array.from(files, ([path, file]) => [path, { ...file }]));
    action();
    this.#files = files;
  }

  /** The power is cut: of what was not synced, some is there. */
  loseUnsynced(random: Random): void {
    for (const file of this.#files.values()) {
      file.content = torn(file, random);
      file.durable = file.content.slice();
    }
  }

  #open(path: string): File {
    const file = this.#files.get(path);
    if (file === undefined) throw new IoError("not-found", `open ${path}: no such file`);
    return file;
  }

  #openOrMake(path: string): File {
    const file = this.#files.get(path) ?? { content: NOTHING, durable: NOTHING };
    this.#files.set(path, file);
    return file;
  }
}

function torn({ content, durable }: File, random: Random): Uint8Array {
  const [shortest, longest] = [content.length, durable.length].sort((a, b) => a - b);
  const survivor = new Uint8Array(random.between(shortest, longest));
  for (let at = 0; at < survivor.length; at += SECTOR_BYTES) {
    const from = random.chance(0.5) ? content : durable;
    survivor.set(from.subarray(at, Math.min(at + SECTOR_BYTES, survivor.length)), at);
  }
  return survivor;
}
