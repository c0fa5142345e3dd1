import {
  type Co,
  type Logger,
  portable,
  type RuntimeBuilder,
  type ThreadSelf,
} from "../../runtime/mod.ts";
import { makeLogger } from "../cli/shared_flags.ts";
import { processTerminal } from "../cli/terminal.ts";
import { tellTo } from "../cli/telling.ts";
import { CrewMember } from "../serving/crew_member.ts";
import { type Admitted, type Entrance, sharedEntrance } from "../serving/entrance.ts";
import { Figures } from "../serving/figures.ts";
import { type HandedClient, TakingOver } from "../serving/hand_over.ts";
import type { Order, Report } from "../serving/messages.ts";
import { SharedPermits } from "../serving/shared_permits.ts";
import { listenShared, type Sharing } from "../serving/way_in.ts";
import { ECHO_SERVER, type EchoOptions } from "./command.ts";
import { EchoServer } from "./server.ts";
import { TotalTraffic, Traffic, TRAFFIC_COLUMNS } from "./traffic.ts";

/** What a thread of the echo server begins with. */
export interface EchoStart {
  readonly seat: number;
  readonly options: EchoOptions;
  readonly sharing: Sharing;
  readonly permits: SharedArrayBuffer;
  readonly figures: SharedArrayBuffer;
  readonly descriptors: SharedArrayBuffer;
}

/** What is said to a thread: here is a client; there may be a free permit. */
export type EchoOrder = HandedClient<undefined> | { readonly kind: "room" };

/** What a thread says: there may be a free permit for a seat; all permits are taken. */
export type EchoReport =
  | { readonly kind: "room"; readonly seat: number }
  | { readonly kind: "full"; readonly consequence: string };

type Self = ThreadSelf<Order<EchoOrder>, Report<EchoReport>>;

const here = import.meta.url;

/** Lets the thread's runtime speak where its server speaks. */
export const prepareEchoThread = portable(here, function prepareEchoThread(
  builder: RuntimeBuilder,
  { options }: EchoStart,
): void {
  tellTo(builder, logOf(options));
});

/** One thread of the echo server; answers how many clients had to be closed in the end. */
export const echoThread = portable(here, function* echoThread(
  self: Self,
  start: EchoStart,
): Co<number> {
  const { seat, options } = start;
  const member = new CrewMember<EchoOrder, EchoReport>(self);
  const ring = (seat: number) => member.post({ kind: "room", seat });
  const permits = new SharedPermits(start.permits, seat, ring);
  const figures = new Figures(start.figures, TRAFFIC_COLUMNS);
  const total = new TotalTraffic(figures);
  const traffic = new Traffic(figures.row(seat));
  const shared = { traffic, connections: () => total.connections };
  const server = new EchoServer(options, logOf(options), shared);
  const handed = new HandedEntrance(new TakingOver(start.descriptors), permits);
  using own = yield* openOwn(start, permits, member);
  const obey = (order: EchoOrder) => {
    if (order.kind === "room") permits.rung();
    else handed.clients.arrive(order);
    return undefined;
  };
  return yield* member.work(obey, () => server.serveAll(own ?? handed), function* () {
    own?.[Symbol.dispose]();
    while (handed.clients.hasMore) yield* server.admitOne(handed);
    return yield* server.finish();
  });
});

function logOf(options: EchoOptions): Logger {
  return makeLogger(ECHO_SERVER.name, options, processTerminal);
}

/** The thread's own listener, if each has one. */
function* openOwn(
  { sharing, options }: EchoStart,
  permits: SharedPermits,
  member: CrewMember<EchoOrder, EchoReport>,
): Co<(Entrance & Disposable) | undefined> {
  if (sharing.kind === "handed") return undefined;
  const listener = yield* listenShared(sharing);
  const onFull = (consequence: string) => member.post({ kind: "full", consequence });
  const { overflow } = options;
  const entrance = sharedEntrance({ listener, permits, overflow, onFull });
  return { ...entrance, [Symbol.dispose]: () => listener.close() };
}

/** Clients that the main thread has let in: their permits are this thread's already. */
class HandedEntrance implements Entrance {
  readonly #permits: SharedPermits;

  constructor(readonly clients: TakingOver<undefined>, permits: SharedPermits) {
    this.#permits = permits;
  }

  *admit(): Co<Admitted> {
    const client = yield* this.clients.next();
    const permit = this.#permits.taken();
    try {
      const { stream, closing } = yield* this.clients.takeOver(client);
      const release = () => {
        closing();
        permit.release();
      };
      return { stream, permit: { release } };
    } catch (error) {
      permit.release();
      throw error;
    }
  }
}
