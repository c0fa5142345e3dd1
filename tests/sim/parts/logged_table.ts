import type { SimDisk } from "wakeful/testing";
import type { Job, TextName } from "../../../commands/job-queue/model/job.ts";
import { MemoryTable } from "../../../commands/job-queue/store/memory_table.ts";

const LOG = "queue.log.";
/** In bytes: a disk copies a file with each write to it. */
const LONGEST_SEGMENT = 8_000;
const DIGITS = 6;

const UTF8 = new TextEncoder();
const HASH_START = 0x811c9dc5;
const HASH_FACTOR = 0x01000193;
const HEX = 16;

/** One change of a table. */
type Change =
  | readonly ["insert", Job, string]
  | readonly ["save", Job]
  | readonly ["remove", number]
  | readonly ["setText", number, TextName, string]
  | readonly ["shift", "running" | "scheduled", number]
  | readonly ["setNote", string, string | null];

/**
 * A table in memory over a log on a simulated disk: a transaction is a line of the log, and is
 * done when that is synced. It stands in for SQLite, whose disk nobody can simulate: what is on it
 * after a crash or a power cut is decided by the same rules over the same changes.
 */
export class LoggedTable extends MemoryTable {
  #disk: SimDisk;
  #segment = 0;
  #length = 0;
  #changes: Change[] | undefined;

  constructor(disk: SimDisk) {
    super();
    this.#disk = disk;
    let isWhole = true;
    for (const path of disk.list(LOG)) {
      if (isWhole) isWhole = this.#replay(path);
      else disk.remove(path);
    }
    this.#segment = disk.list(LOG).length;
  }

  override transaction<T>(work: () => T): T {
    const changes: Change[] = this.#changes = [];
    const value = work();
    this.#changes = undefined;
    if (changes.length > 0) this.#write(lineOf(changes));
    return value;
  }

  #write(line: Uint8Array): void {
    if (this.#length > LONGEST_SEGMENT) [this.#segment, this.#length] = [this.#segment + 1, 0];
    this.#length += line.length;
    const path = LOG + String(this.#segment).padStart(DIGITS, "0");
    this.#disk.append(path, line);
    this.sync(this.#disk, path);
  }

  /** What makes a transaction safe; a planted fault leaves it out. */
  protected sync(disk: SimDisk, path: string): void {
    disk.sync(path);
  }

  override insert(job: Job, payload: string): void {
    this.#note(["insert", { ...job }, payload]);
    super.insert(job, payload);
  }

  override save(job: Job): void {
    this.#note(["save", { ...job }]);
    super.save(job);
  }

  override remove(id: number): void {
    this.#note(["remove", id]);
    super.remove(id);
  }

  override setText(id: number, name: TextName, text: string): void {
    this.#note(["setText", id, name, text]);
    super.setText(id, name, text);
  }

  override shift(state: "running" | "scheduled", by: number): void {
    const changes = this.#changes;
    this.#note(["shift", state, by]);
    this.#changes = undefined; // the saves it is made of are not changes of their own
    super.shift(state, by);
    this.#changes = changes;
  }

  override setNote(name: string, text: string | undefined): void {
    this.#note(["setNote", name, text ?? null]);
    super.setNote(name, text);
  }

  #note(change: Change): void {
    this.#changes?.push(change);
  }

  /** Up to the first line that is not whole: that transaction was never done. */
  #replay(path: string): boolean {
    const whole: string[] = [];
    const lines = new TextDecoder().decode(this.#disk.read(path)).split("\n");
    for (const line of lines) {
      const changes = changesIn(line);
      if (changes === undefined) break;
      changes.forEach((change) => this.#redo(change));
      whole.push(`${line}\n`);
    }
    this.#disk.write(path, UTF8.encode(whole.join("")));
    this.#disk.sync(path);
    return whole.length === lines.length - 1;
  }

  #redo(change: Change): void {
    switch (change[0]) {
      case "insert":
        return super.insert(change[1], change[2]);
      case "save":
        return super.save(change[1]);
      case "remove":
        return super.remove(change[1]);
      case "setText":
        return super.setText(change[1], change[2], change[3]);
      case "shift":
        return super.shift(change[1], change[2]);
      case "setNote":
        return super.setNote(change[1], change[2] ?? undefined);
    }
  }
}

function lineOf(changes: readonly Change[]): Uint8Array {
  const text = JSON.stringify(changes);
  return UTF8.encode(`${checksum(text)} ${text}\n`);
}

function changesIn(line: string): Change[] | undefined {
  const at = line.indexOf(" ");
  const text = line.slice(at + 1);
  return at > 0 && checksum(text) === line.slice(0, at) ? JSON.parse(text) : undefined;
}

/** FNV-1a: enough to tell a torn line. */
function checksum(text: string): string {
  let hash = HASH_START;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), HASH_FACTOR);
  return (hash >>> 0).toString(HEX);
}
