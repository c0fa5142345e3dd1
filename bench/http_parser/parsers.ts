// deno-lint-ignore-file no-import-prefix -- no part of wakeful imports these two
/** The parsers behind one face: each takes a piece and answers how many messages it saw end. */
import { Buffer } from "node:buffer";
import { HTTPParser as JsParser } from "npm:http-parser-js@0.5.10";
import llhttpWasm from "npm:undici@6.21.0/lib/llhttp/llhttp_simd-wasm.js";
import { type MessageParser, RequestParser, ResponseParser } from "../../net/mod.ts";
import type { Input } from "./inputs.ts";

export interface Contestant {
  name: string;
  /** A parser that takes `piece` again and again. */
  make(piece: Uint8Array, side: Input["side"]): () => number;
}

export const OURS = "wakeful";
export const LLHTTP = "llhttp (wasm)";
export const HTTP_PARSER_JS = "http-parser-js";

export const contestants: Contestant[] = [
  { name: OURS, make: wakeful },
  { name: LLHTTP, make: llhttp },
  { name: HTTP_PARSER_JS, make: httpParserJs },
];

function wakeful(piece: Uint8Array, side: Input["side"]): () => number {
  const parser: MessageParser = side === "request" ? new RequestParser() : new ResponseParser();
  return () => {
    let [ended, bodyBytes] = [0, 0];
    parser.feed(piece);
    for (let event = parser.next(); event !== "more"; event = parser.next()) {
      if (event === "end") ended++;
      else if (event === "body") bodyBytes += parser.bodyLength;
    }
    return ended;
  };
}

/** What undici, the client inside Node.js, parses with: C compiled to WebAssembly, with SIMD. */
interface Llhttp {
  memory: WebAssembly.Memory;
  malloc(bytes: number): number;
  llhttp_alloc(type: number): number;
  llhttp_execute(parser: number, bytes: number, length: number): number;
}

const LLHTTP_TYPE = { request: 1, response: 2 } as const;

function llhttp(piece: Uint8Array, side: Input["side"]): () => number {
  let ended = 0;
  const on = () => 0;
  const env = {
    wasm_on_url: on,
    wasm_on_status: on,
    wasm_on_message_begin: on,
    wasm_on_header_field: on,
    wasm_on_header_value: on,
    wasm_on_headers_complete: on,
    wasm_on_body: on,
    wasm_on_message_complete: () => {
      ended++;
      return 0;
    },
  };
  const wasm = new WebAssembly.Module(llhttpWasm as unknown as BufferSource);
  const instance = new WebAssembly.Instance(wasm, { env }).exports as unknown as Llhttp;
  const parser = instance.llhttp_alloc(LLHTTP_TYPE[side]);
  const at = instance.malloc(piece.length);
  return () => {
    ended = 0;
    new Uint8Array(instance.memory.buffer, at, piece.length).set(piece); // as its users must
    const error = instance.llhttp_execute(parser, at, piece.length);
    if (error !== 0) throw new Error(`llhttp refused the input: ${error}`);
    return ended;
  };
}

interface JsParserFace {
  [callback: number]: () => void;
  execute(bytes: Buffer, from: number, length: number): number | Error;
}

interface JsParserClass {
  new (type: string): JsParserFace;
  readonly REQUEST: string;
  readonly RESPONSE: string;
  readonly kOnHeadersComplete: number;
  readonly kOnBody: number;
  readonly kOnMessageComplete: number;
}

function httpParserJs(piece: Uint8Array, side: Input["side"]): () => number {
  const Parser = JsParser as unknown as JsParserClass;
  let ended = 0;
  const parser = new Parser(side === "request" ? Parser.REQUEST : Parser.RESPONSE);
  parser[Parser.kOnHeadersComplete] = () => {};
  parser[Parser.kOnBody] = () => {};
  parser[Parser.kOnMessageComplete] = () => void ended++;
  const bytes = Buffer.from(piece);
  return () => {
    ended = 0;
    const taken = parser.execute(bytes, 0, bytes.length);
    if (typeof taken !== "number") throw taken;
    return ended;
  };
}
