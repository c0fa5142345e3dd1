import type {
  Address,
  ConnectSource,
  DatagramSource,
  Interest,
  ListenerSource,
  ListenOptions,
  SignalName,
  SignalSource,
  StreamSource,
  TcpAddress,
  TlsOptions,
  Token,
  UdpAddress,
} from "../core/io.ts";

/** The reactor as its driver sees it: where sources get their tokens and events are told. */
export interface Registrar {
  register(): Token;
  deregister(token: Token): void;
  /** Trying `interest` on the token's source again is worthwhile. */
  deliver(token: Token, interest: Interest): void;
}

/**
 * What lies beneath a reactor: it makes sources, and it knows how to let the thread rest.
 *
 * A driver knows no tasks. Its sources tell the registrar when they become ready.
 */
export interface Driver {
  readonly name: string;

  /**
   * Rests. `resume` is called once, on an empty stack: soon after `unpark`, or at `deadline`, or
   * now and then earlier. Both times are on the loop's clock; `Infinity` means no deadline.
   */
  park(now: number, deadline: number, resume: () => void): void;

  /** Ends the rest that is going on; what happens between two rests is not remembered. */
  unpark(): void;

  /** Lets the platform do its own work once, I/O included, then calls `resume`. */
  yield(resume: () => void): void;

  /**
   * Ends the rest and its timer; a promise when that takes a moment. What a closed stream still has
   * to deliver may go on.
   */
  close(): void | Promise<void>;

  listen(address: Address, options: ListenOptions, registrar: Registrar): ListenerSource;
  connect(address: Address, registrar: Registrar): ConnectSource;
  /** @throws {DriverUnavailable} where it has no TLS */
  connectTls(address: TcpAddress, options: TlsOptions, registrar: Registrar): ConnectSource;
  bindUdp(address: UdpAddress, registrar: Registrar): DatagramSource;
  /** As `Io.adopt`, where connections are known by numbers. */
  adopt?(descriptor: number, registrar: Registrar): StreamSource;
  signal(name: SignalName, registrar: Registrar): SignalSource;
  removeSocketFile(path: string): void;
}
