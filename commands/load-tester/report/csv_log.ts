import type { TextFile } from "../../cli/terminal.ts";
import type { FailureClass } from "../measure/failure_class.ts";
import type { Attempt } from "../measure/meter.ts";

const COLUMNS = [
  "request",
  "url",
  "due_ms",
  "sent_ms",
  "first_byte_ms",
  "done_ms",
  "service_ms",
  "response_ms",
  "status",
  "error",
  "bytes",
];
const WRITTEN_AT_ONCE = 64 * 1024;
const DECIMALS = 3;

/** A line for each request, as RFC 4180 has it; times count from the beginning of the first run. */
export class CsvLog {
  #file: TextFile;
  #urls: readonly string[];
  #start: number | undefined;
  #text: string = COLUMNS.join() + "\r\n";

  constructor(file: TextFile, urls: readonly string[]) {
    this.#file = file;
    this.#urls = urls.map(quoted);
  }

  /** Bound, because it is handed on by itself. */
  readonly add = (attempt: Attempt, failure: FailureClass | undefined, began: number): void => {
    const { ticket, target, due, begun, firstByte, done, status, bytes } = attempt;
    const start = this.#start ??= began;
    const at = (moment: number) => (moment - start).toFixed(DECIMALS);
    this.#text += [
      ticket + 1,
      this.#urls[target],
      at(due),
      at(begun),
      firstByte === 0 ? "" : at(firstByte),
      at(done),
      (done - begun).toFixed(DECIMALS),
      (done - due).toFixed(DECIMALS),
      failure === undefined ? status : "",
      failure ?? "",
      bytes,
    ].join() + "\r\n";
    if (this.#text.length >= WRITTEN_AT_ONCE) this.#write();
  };

  close(): void {
    this.#write();
    this.#file.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #write(): void {
    this.#file.write(this.#text);
    this.#text = "";
  }
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
