import { HttpFields } from "./fields.ts";
import { FramingFields } from "./framing_fields.ts";
import { textAt } from "./octets.ts";

const NOTHING = new Uint8Array(0);

/** Methods that need not be made anew for each request. */
const METHODS = ["GET", "POST", "PUT", "HEAD", "DELETE", "OPTIONS", "PATCH", "CONNECT", "TRACE"];

/** What a request and an answer have in common before their bodies. */
export abstract class MessageHead {
  readonly fields: HttpFields;
  /** The minor version: 0, or 1 for everything newer. */
  minor: 0 | 1;
  /** For a parser: what the fields say of the message. */
  readonly framing: FramingFields;
  /** For a parser: how many bytes it has. */
  length: number;
  protected bytes: Uint8Array;
  protected base = 0;

  /** Nothing yet; or a copy of `kept`. */
  constructor(kept?: MessageHead) {
    this.bytes = kept?.bytes.slice(kept.base, kept.base + kept.length) ?? NOTHING;
    this.fields = kept?.fields.movedTo(this.bytes) ?? new HttpFields();
    this.framing = kept?.framing.copy() ?? new FramingFields();
    this.minor = kept?.minor ?? 1;
    this.length = kept?.length ?? 0;
  }

  get version(): "1.0" | "1.1" {
    return this.minor === 0 ? "1.0" : "1.1";
  }

  /** Whether the sender lets the connection go on after this message. RFC 9112 §9.3 */
  get keepAlive(): boolean {
    const { close, keepAlive } = this.framing;
    return !close && (this.minor === 1 || keepAlive);
  }

  /** The body's length where it is told; undefined when it is chunked, or ends with the connection. */
  get contentLength(): number | undefined {
    const { contentLength } = this.framing;
    return contentLength < 0 ? undefined : contentLength;
  }

  /** For a parser: begins anew. */
  clear(): void {
    this.fields.clear();
    this.framing.clear();
  }

  /** For a parser: the positions count from `base` in `bytes`. */
  lieIn(bytes: Uint8Array, base: number): void {
    this.bytes = bytes;
    this.base = base;
    this.fields.lieIn(bytes, base);
  }

  /** A copy that stays as it is. */
  abstract keep(): MessageHead;

  protected text(from: number, to: number): string {
    return textAt(this.bytes, this.base + from, this.base + to);
  }
}

/** The four forms of a target. RFC 9112 §3.2 */
export type TargetForm = "origin" | "absolute" | "authority" | "asterisk";

/**
 * The head of a request: method, target, fields.
 *
 * A parser lends its head until it is asked for the next event; `keep` makes one to be kept.
 */
export class RequestHead extends MessageHead {
  /** For a parser: where the method ends, where the target begins and ends. */
  methodTo = 0;
  targetFrom = 0;
  targetTo = 0;
  form: TargetForm = "origin";

  /** The method; its case counts. */
  get method(): string {
    for (const method of METHODS) {
      if (method.length === this.methodTo && this.#begins(method)) return method;
    }
    return this.text(0, this.methodTo);
  }

  /** The target as it was sent. */
  get target(): string {
    return this.text(this.targetFrom, this.targetTo);
  }

  /** Path and query, also of a target in the absolute form; "*" or an authority stay as they are. */
  get path(): string {
    const { target } = this;
    if (this.form !== "absolute") return target;
    const authority = target.indexOf("//") + 2;
    const path = target.slice(authority).search(/[/?]/);
    if (path < 0) return "/";
    const found = target.slice(authority + path);
    return found.startsWith("?") ? `/${found}` : found;
  }

  /** Whether the client waits for a 100 before it sends the body. RFC 9110 §10.1.1 */
  get expectsContinue(): boolean {
    return this.minor === 1 && this.framing.expectsContinue;
  }

  /** A copy that stays as it is. */
  keep(): RequestHead {
    const head = new RequestHead(this);
    head.methodTo = this.methodTo;
    head.targetFrom = this.targetFrom;
    head.targetTo = this.targetTo;
    head.form = this.form;
    return head;
  }

  #begins(method: string): boolean {
    for (let i = 0; i < method.length; i++) {
      if (this.bytes[this.base + i] !== method.charCodeAt(i)) return false;
    }
    return true;
  }
}

const FIRST_FINAL_STATUS = 200;

/** The head of an answer: status, reason, fields; lent as {@link RequestHead} is. */
export class ResponseHead extends MessageHead {
  status = 0;
  /** For a parser: where the reason begins and ends. */
  reasonFrom = 0;
  reasonTo = 0;

  /** The words after the status; nobody should depend on them. */
  get reason(): string {
    return this.text(this.reasonFrom, this.reasonTo);
  }

  /** Whether it is a 1xx, and the answer is still to come. RFC 9110 §15.2 */
  get isInterim(): boolean {
    return this.status < FIRST_FINAL_STATUS;
  }

  /** A copy that stays as it is. */
  keep(): ResponseHead {
    const head = new ResponseHead(this);
    head.status = this.status;
    head.reasonFrom = this.reasonFrom;
    head.reasonTo = this.reasonTo;
    return head;
  }
}
