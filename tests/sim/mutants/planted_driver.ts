import {
  type Address,
  type ConnectSource,
  type DatagramSource,
  type Driver,
  type Interest,
  type ListenerSource,
  type ListenOptions,
  type Registrar,
  type SignalName,
  type SignalSource,
  type StreamSource,
  type TcpAddress,
  type TlsOptions,
  type Token,
  type UdpAddress,
  WouldBlock,
} from "wakeful/runtime";

/** A driver that works as the one within, for others to plant a fault in. */
export class PlantedDriver implements Driver {
  readonly name = "planted";
  #inner: Driver;

  constructor(inner: Driver) {
    this.#inner = inner;
  }

  /** What its sources see of the reactor. */
  protected registrar(registrar: Registrar): Registrar {
    return registrar;
  }

  /** What the program sees of a connection. */
  protected stream(source: StreamSource): StreamSource {
    return source;
  }

  park(now: number, deadline: number, resume: () => void): void {
    this.#inner.park(now, deadline, resume);
  }

  unpark(): void {
    this.#inner.unpark();
  }

  yield(resume: () => void): void {
    this.#inner.yield(resume);
  }

  close(): void {
    this.#inner.close();
  }

  listen(address: Address, options: ListenOptions, registrar: Registrar): ListenerSource {
    const listener = this.#inner.listen(address, options, this.registrar(registrar));
    const accept = listener.tryAccept.bind(listener);
    listener.tryAccept = () => this.#wrapped(accept());
    return listener;
  }

  connect(address: Address, registrar: Registrar): ConnectSource {
    const attempt = this.#inner.connect(address, this.registrar(registrar));
    const connect = attempt.tryConnect.bind(attempt);
    attempt.tryConnect = () => this.#wrapped(connect());
    return attempt;
  }

  connectTls(address: TcpAddress, options: TlsOptions, registrar: Registrar): ConnectSource {
    return this.#inner.connectTls(address, options, this.registrar(registrar));
  }

  bindUdp(address: UdpAddress, registrar: Registrar): DatagramSource {
    return this.#inner.bindUdp(address, this.registrar(registrar));
  }

  signal(name: SignalName, registrar: Registrar): SignalSource {
    return this.#inner.signal(name, this.registrar(registrar));
  }

  removeSocketFile(path: string): void {
    this.#inner.removeSocketFile(path);
  }

  #wrapped(source: StreamSource | typeof WouldBlock): StreamSource | typeof WouldBlock {
    return source === WouldBlock ? WouldBlock : this.stream(source);
  }
}

/** A registrar that works as the one within. */
export class PlantedRegistrar implements Registrar {
  protected readonly inner: Registrar;

  constructor(inner: Registrar) {
    this.inner = inner;
  }

  register(): Token {
    return this.inner.register();
  }

  deregister(token: Token): void {
    this.inner.deregister(token);
  }

  deliver(token: Token, interest: Interest): void {
    this.inner.deliver(token, interest);
  }
}
