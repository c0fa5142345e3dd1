import { type EncodedRequest, encodeRequest, type HttpRequestInit } from "../../../net/mod.ts";
import { Random } from "../../../runtime/mod.ts";
import { UsageError } from "../../cli/errors.ts";
import { quote } from "../../cli/quote.ts";
import type { Origin, Routes } from "./route.ts";
import { type Filling, type ReadLines, Template } from "./template.ts";
import { readWebAddress } from "./web_address.ts";

/** What is sent to a URL: the same for every request, or filled in for each. */
export interface RequestShape {
  readonly method: string;
  /** As they were typed: `Name: value`. */
  readonly headers: readonly string[];
  readonly body: Uint8Array | undefined;
  /** Whether each request has a connection of its own. */
  readonly close: boolean;
}

const PRODUCT = ["User-Agent", "wakeful-load-tester"] as const;
/** For what has no places to fill in. */
const NOTHING_TO_FILL: Filling = { seq: 1, random: new Random(0) };
/** What is meant for the host of the URL, and nobody else's business. */
const OF_ONE_HOST = /^(host|authorization|cookie|proxy-authorization)$/i;
const HEADER = /^([^:\s]+)\s*:\s*(.*)$/;

/** One URL, and the requests that are made to it. */
export class Target {
  readonly origin: Origin;
  /** The request when nothing has to be filled in: the same each time. */
  readonly constant: EncodedRequest | undefined;
  readonly #rawPath: string;
  readonly #path: Template;
  readonly #fields: readonly (readonly [string, Template])[];
  readonly #body: Template | Uint8Array | undefined;
  readonly #shape: RequestShape;

  /** @throws {UsageError} when the URL, a header or a placeholder is none */
  constructor(readonly url: string, shape: RequestShape, routes: Routes, readLines: ReadLines) {
    const address = readWebAddress(url);
    this.origin = routes.to(address);
    this.#shape = shape;
    this.#rawPath = address.path;
    this.#path = Template.parse(address.path, readLines);
    this.#fields = readHeaders(shape, readLines);
    this.#body = readBody(shape.body, readLines);
    const templates = [this.#path, ...this.#fields.map(([, value]) => value)];
    const isConstant = templates.every((template) => template.isConstant) &&
      !(this.#body instanceof Template);
    if (isConstant) this.constant = this.#encode(NOTHING_TO_FILL);
  }

  /** Its URL with the scheme, for what is relative to it. */
  get absolute(): string {
    const { secure, hostField } = this.origin;
    return `${secure ? "https" : "http"}://${hostField}${this.#rawPath}`;
  }

  get method(): string {
    return this.#shape.method;
  }

  /** @throws {UsageError} when what was filled in cannot stand where it stands */
  request(filling: Filling): EncodedRequest {
    return this.constant ?? this.#encode(filling);
  }

  /** The request that a redirect asks for. */
  redirected(filling: Filling, to: Redirection): EncodedRequest {
    const { method, target, origin, keepsBody } = to;
    const isHome = origin.id === this.origin.id;
    const isKept = ([name]: readonly [string, string]) =>
      (keepsBody || !/^content-/i.test(name)) && (isHome || !OF_ONE_HOST.test(name));
    const body = keepsBody ? this.#filledBody(filling) : undefined;
    const fields = this.#filledFields(filling).filter(isKept);
    return encoded({ method, target, fields, body }, origin.hostField);
  }

  #encode(filling: Filling): EncodedRequest {
    const target = this.#path.fill(filling, encodeURIComponent);
    const fields = this.#filledFields(filling);
    const body = this.#filledBody(filling);
    return encoded({ method: this.method, target, fields, body }, this.origin.hostField);
  }

  #filledFields(filling: Filling): (readonly [string, string])[] {
    return this.#fields.map(([name, value]) => [name, value.fill(filling)] as const);
  }

  #filledBody(filling: Filling): string | Uint8Array | undefined {
    return this.#body instanceof Template ? this.#body.fill(filling) : this.#body;
  }
}

/** Where the answer to a request leads to. */
export interface Redirection {
  readonly method: string;
  readonly target: string;
  readonly origin: Origin;
  readonly keepsBody: boolean;
}

/** @throws {UsageError} when a part cannot stand where it stands */
function encoded(init: HttpRequestInit, hostField: string): EncodedRequest {
  try {
    return encodeRequest(init, hostField);
  } catch (error) {
    if (error instanceof Error) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

function readHeaders(
  { headers, close }: RequestShape,
  readLines: ReadLines,
): readonly (readonly [string, Template])[] {
  const fields = headers.map((header) => {
    const [, name, value] = HEADER.exec(header) ?? [];
    if (name === undefined) {
      throw new UsageError(`--header ${quote(header)}: expected 'Name: value'`);
    }
    return [name, Template.parse(value, readLines)] as const;
  });
  const names = new Set(fields.map(([name]) => name.toLowerCase()));
  const constant = (name: string, value: string) =>
    names.has(name.toLowerCase()) ? [] : [[name, Template.parse(value, readLines)] as const];
  const closing = close ? constant("Connection", "close") : [];
  return [...constant(...PRODUCT), ...closing, ...fields];
}

/** A body that is no text, or has nothing to be filled in, is sent as the bytes that it is. */
function readBody(
  body: Uint8Array | undefined,
  readLines: ReadLines,
): Template | Uint8Array | undefined {
  if (body === undefined) return undefined;
  const text = asText(body);
  if (text === undefined) return body;
  const template = Template.parse(text, readLines);
  return template.isConstant ? body : template;
}

function asText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
