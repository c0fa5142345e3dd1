import type { Listener, Stream } from "wakeful/net";
import type { Address, Co, Future } from "wakeful/runtime";

/** One kind of address, and a place of its own for one test; disposed of with the test. */
export interface Family extends Disposable {
  /** Listens: where it is told, or somewhere free. */
  bind(at?: Address): Co<Listener<Stream>>;
  connect(to: Address): Future<Stream>;
}

/** What makes connected pairs and needs no address for it. */
export interface Pairs extends Disposable {
  pair(): [Stream, Stream];
}

/** By name, what is checked. */
export type Checks = Readonly<Record<string, (family: Family) => Co<void>>>;

/** By name, what is checked on two connected ends, wherever they come from. */
export type PairChecks = Readonly<Record<string, (where: Family | Pairs) => Co<void>>>;

/** Hands a connected pair to `use` and closes it afterwards. */
export function* connected(
  where: Family | Pairs,
  use: (client: Stream, server: Stream) => Co<void>,
): Co<void> {
  if ("pair" in where) {
    const [one, other] = where.pair();
    using client = one;
    using server = other;
    return yield* use(client, server);
  }
  using listener = yield* where.bind();
  using client = yield* where.connect(listener.localAddr);
  using server = yield* listener.accept();
  yield* use(client, server);
}
