/**
 * wakeful's sockets: TCP and Unix streams and listeners.
 *
 * @module
 */

export type { TcpEndpoint } from "./address.ts";
export { Listener } from "./listener.ts";
export { ReadHalf } from "./read_half.ts";
export { Stream } from "./stream.ts";
export { TcpListener, TcpStream } from "./tcp.ts";
export { UnixListener, UnixStream } from "./unix.ts";
export { WriteHalf } from "./write_half.ts";
