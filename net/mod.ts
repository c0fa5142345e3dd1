/**
 * wakeful's network: TCP, UDP and Unix sockets, the streams they carry, and what is built on those.
 *
 * @module
 */

export type { TcpEndpoint, UdpEndpoint } from "./address.ts";
export { AsyncRead } from "./bytes/async_read.ts";
export { AsyncWrite } from "./bytes/async_write.ts";
export { BufReader, type LineOptions } from "./bytes/buf_reader.ts";
export { type CopiedBothWays, copy, copyBidirectional } from "./bytes/copy.ts";
export { Lines, lines } from "./bytes/lines.ts";
export { duplex, DuplexStream } from "./duplex.ts";
export { Listener } from "./listener.ts";
export type { PoolOptions, PoolStatistics } from "./pool/options.ts";
export { Pool } from "./pool/pool.ts";
export { Pooled } from "./pool/pooled.ts";
export { lookup } from "./lookup.ts";
export { ReadHalf } from "./read_half.ts";
export { Stream } from "./stream.ts";
export { TcpListener, TcpStream } from "./tcp.ts";
export { TlsStream } from "./tls.ts";
export { UdpSocket } from "./udp.ts";
export { UnixListener, UnixStream } from "./unix.ts";
export { WriteHalf } from "./write_half.ts";
export { WrongLength } from "./http1/codec/body_encoder.ts";
export { BodyReader } from "./http1/body_reader.ts";
export type { BodyWriter, HttpBody, StreamedBody } from "./http1/codec/body_source.ts";
export {
  HttpConnection,
  type HttpConnectionOptions,
  type HttpEndpoint,
} from "./http1/client/connection.ts";
export {
  EncodedRequest,
  encodeRequest,
  type HttpRequestInit,
} from "./http1/codec/encode_request.ts";
export {
  type EncodedResponse,
  encodeResponse,
  type HttpResponseInit,
  type ResponseContext,
} from "./http1/codec/encode_response.ts";
export {
  encodeEvent,
  eventStream,
  type EventWriter,
  type ServerEvent,
} from "./http1/server/event_stream.ts";
export type { FieldsInit, FieldValue } from "./http1/codec/field_text.ts";
export { HttpFields } from "./http1/codec/fields.ts";
export { MessageHead, RequestHead, ResponseHead, type TargetForm } from "./http1/codec/head.ts";
export { HttpPool, type HttpPoolOptions } from "./http1/client/http_pool.ts";
export { DEFAULT_LIMITS, type HttpLimits } from "./http1/codec/limits.ts";
export { MessageParser } from "./http1/codec/parser.ts";
export type { ParserEvent, ParserState } from "./http1/codec/parser_state.ts";
export { ProtocolError, REFUSAL_KINDS, type RefusalKind } from "./http1/codec/refusal.ts";
export { HttpRequest } from "./http1/server/request.ts";
export { type FailureKind, RequestFailed } from "./http1/client/request_failed.ts";
export { RequestParser } from "./http1/codec/request_parser.ts";
export { HttpResponse, type RequestTimes } from "./http1/client/response.ts";
export { ResponseParser } from "./http1/codec/response_parser.ts";
export { serve, serveConnection } from "./http1/server/serve.ts";
export {
  type HttpHandler,
  SERVE_DEFAULTS,
  type ServeOptions,
} from "./http1/server/serve_options.ts";
export type { Transport } from "./http1/transport.ts";
