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
export { ReadHalf } from "./read_half.ts";
export { Stream } from "./stream.ts";
export { TcpListener, TcpStream } from "./tcp.ts";
export { UdpSocket } from "./udp.ts";
export { UnixListener, UnixStream } from "./unix.ts";
export { WriteHalf } from "./write_half.ts";
export { HttpFields } from "./http1/fields.ts";
export { MessageHead, RequestHead, ResponseHead, type TargetForm } from "./http1/head.ts";
export { DEFAULT_LIMITS, type HttpLimits } from "./http1/limits.ts";
export { MessageParser, type ParserEvent, type ParserState } from "./http1/parser.ts";
export { ProtocolError, REFUSAL_KINDS, type RefusalKind } from "./http1/refusal.ts";
export { RequestParser } from "./http1/request_parser.ts";
export { ResponseParser } from "./http1/response_parser.ts";
