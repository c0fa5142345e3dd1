import type { Listener, Stream } from "wakeful/net";
import type { Address, Co, Future } from "wakeful/runtime";

/** One kind of address, and a place of its own for one test; disposed of with the test. */
export interface Family extends Disposable {
  /** Listens: where it is told, or somewhere free. */
  bind(at?: Address): Co<Listener<Stream>>;
  connect(to: Address): Future<Stream>;
}

/** By name, what is checked. */
export type Checks = Readonly<Record<string, (family: Family) => Co<void>>>;

/** Hands a connected pair to `use` and closes it afterwards. */
export function* connected(
  family: Family,
  use: (client: Stream, server: Stream) => Co<void>,
): Co<void> {
  using listener = yield* family.bind();
  using client = yield* family.connect(listener.localAddr);
  using server = yield* listener.accept();
  yield* use(client, server);
}
