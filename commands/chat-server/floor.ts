import {
  type Co,
  type Logger,
  mpsc,
  Notify,
  pending,
  race,
  type Receiver,
  type Sender,
  spawn,
  yieldNow,
} from "../../runtime/mod.ts";
import type { Stream, TcpListener } from "../../net/mod.ts";
import { acceptLoop } from "../cli/accept_loop.ts";
import type { CrewMember } from "../serving/crew_member.ts";
import { TakingOver } from "../serving/hand_over.ts";
import type { Waits } from "../serving/messages.ts";
import { listenShared, type Sharing } from "../serving/way_in.ts";
import { LocalAudience } from "./audience.ts";
import type { ClientId } from "./client_id.ts";
import type { ChatEvent } from "./event.ts";
import { Guests } from "./guests.ts";
import type { Ledger } from "./ledger.ts";
import type { Parcel } from "./parcel.ts";
import { KEPT_GROUPS } from "./remote_audience.ts";
import type { ServerOptions } from "./server.ts";
import type { ChatOrder, ChatReport, Newcomer } from "./thread_messages.ts";
import { addressOf, turnAway } from "./turn_away.ts";

/** What decides how clients come to a floor. */
export interface FloorStart {
  readonly options: ServerOptions;
  readonly sharing: Sharing;
  readonly descriptors: SharedArrayBuffer;
}

/** How many events may wait to be reported; who has another one waits as well. */
const MOST_WAITING = 1_024;
const BATCH = 64;

/** The clients of one thread of several: the broker is elsewhere, and so is the gate. */
export class Floor {
  readonly #start: FloorStart;
  readonly #member: CrewMember<ChatOrder, ChatReport>;
  readonly #log: Logger;
  readonly #audience: LocalAudience;
  readonly #guests: Guests;
  readonly #taking: TakingOver<Newcomer>;
  readonly #events: Sender<ChatEvent>;
  readonly #happened: Receiver<ChatEvent>;
  readonly #shut = new Notify();
  #listener: TcpListener | undefined;
  /** Groups by their number, modulo how many are kept. */
  #groups: (readonly ClientId[])[] = [];
  /** Who has connected and waits for the gate's word, by ticket. */
  #knocking = new Map<number, Stream>();
  #lastTicket = 0;
  /** What is to be done before a handed connection is closed. */
  #closing = new Map<ClientId, () => void>();

  constructor(
    start: FloorStart,
    member: CrewMember<ChatOrder, ChatReport>,
    ledger: Ledger,
    log: Logger,
  ) {
    const { options } = start;
    this.#start = start;
    this.#member = member;
    this.#log = log;
    this.#audience = new LocalAudience(options.slowReader);
    this.#taking = new TakingOver(start.descriptors);
    [this.#events, this.#happened] = mpsc<ChatEvent>(MOST_WAITING);
    this.#guests = new Guests({
      rules: { ...options, pace: options },
      log,
      ledger,
      audience: this.#audience,
      events: this.#events,
      onFirstLine: (id) => member.post({ kind: "spoke", id }),
      onGone: (id) => this.#gone(id),
    });
  }

  /** Opens the door and starts to report; disposing ends both. */
  *open(): Co<Disposable> {
    const { sharing } = this.#start;
    if (sharing.kind === "shared") this.#listener = yield* listenShared(sharing);
    const tasks = [
      spawn(() => this.#report(), { name: "events" }),
      spawn(() => this.#audience.run(), { name: "audience" }),
    ];
    return {
      [Symbol.dispose]: () => {
        for (const task of tasks) task.abort();
        this.#listener?.close();
      },
    };
  }

  /** Lets clients come, until the door is shut. */
  *serve(): Co<never> {
    const admitOne = this.#listener === undefined ? this.#takeOne : this.#askForOne;
    yield* race<void>(acceptLoop(() => admitOne.call(this), this.#log), this.#shut.notified());
    this.#listener?.close();
    return yield* pending();
  }

  /** Does what the broker's thread wants; answers what to wait for before more is done. */
  obey(order: ChatOrder): Waits {
    switch (order.kind) {
      case "tell":
        return this.#tell(order.to, order, order.except);
      case "group":
        this.#groups[order.group % KEPT_GROUPS] = order.ids;
        return undefined;
      case "dismiss":
        this.#audience.dismiss(order.id, order.last && { bytes: order.last, lines: 1 });
        return undefined;
      case "client":
        this.#taking.arrive(order);
        return undefined;
      case "admit":
      case "refuse":
        this.#answerKnock(order);
        return undefined;
      case "shut":
        this.#shut.notifyOne();
        return undefined;
    }
  }

  /** The end: closes what is left. */
  *clear(): Co<void> {
    this.#guests.abortAll("the drain took too long");
    for (const stream of this.#knocking.values()) stream.close();
    yield* yieldNow(); // so that their ends are in the ledger
  }

  #tell(to: number | readonly ClientId[], parcel: Parcel, except: ClientId | undefined): Waits {
    const ids = typeof to === "number" ? this.#groups[to % KEPT_GROUPS] : to;
    this.#audience.tell(ids, parcel, except);
    for (const id of this.#audience.takeOverflowed()) {
      this.#member.post({ kind: "leave", id, why: "slow" });
    }
    return this.#audience.catchUp();
  }

  /** A client that another thread has accepted and let in. */
  *#takeOne(): Co<void> {
    const client = yield* this.#taking.next();
    const { id, address } = client.note;
    let taken = false;
    try {
      const { stream, closing } = yield* this.#taking.takeOver(client);
      taken = true;
      this.#closing.set(id, closing);
      this.#guests.admit(id, stream, address);
    } finally {
      if (!taken) this.#member.post({ kind: "gone", id });
    }
  }

  /** A client of this thread's own listener; whether it may come in the gate knows, elsewhere. */
  *#askForOne(): Co<void> {
    const stream = yield* this.#listener!.accept();
    const ticket = ++this.#lastTicket;
    this.#knocking.set(ticket, stream);
    this.#member.post({ kind: "knock", ticket, address: addressOf(stream.peerAddr) });
  }

  #answerKnock(order: ChatOrder & { kind: "admit" | "refuse" }): void {
    const stream = this.#knocking.get(order.ticket)!;
    this.#knocking.delete(order.ticket);
    if (order.kind === "refuse") turnAway(stream, order.refusal, this.#log);
    else this.#guests.admit(order.id, stream, addressOf(stream.peerAddr));
  }

  #gone(id: ClientId): void {
    this.#closing.get(id)?.();
    this.#closing.delete(id);
    this.#member.post({ kind: "gone", id });
  }

  /** Reports what clients do, as fast as it is taken. */
  *#report(): Co<never> {
    const batch: ChatEvent[] = [];
    for (;;) {
      batch.length = 0;
      yield* this.#happened.recvMany(batch, BATCH);
      for (const event of batch) this.#member.post(event);
      yield* this.#member.room();
    }
  }
}
