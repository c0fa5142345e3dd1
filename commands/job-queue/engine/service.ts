import {
  CancellationToken,
  type Co,
  EventBus,
  type JoinHandle,
  type Logger,
  now,
  spawn,
  type SupervisorEvent,
} from "../../../runtime/mod.ts";
import type { Changed, Enqueued, JobEvent, Which } from "../model/command.ts";
import type { JobSpec } from "../model/spec.ts";
import type { Store } from "../store/store.ts";
import type { Handlers } from "./handler.ts";
import { Keeper } from "./keeper.ts";
import { LocalBackend } from "./local_backend.ts";
import { Meter } from "./meter.ts";
import { type WorkerNews, workerNews } from "./worker_event.ts";
import { WorkerPool } from "./worker_pool.ts";

/** News of a worker, and when they came. */
export type WorkerEvent = WorkerNews & { readonly at: number };

export type FeedEvent = JobEvent | WorkerEvent;
/** A job that has failed for good, or something about a worker. */
export type Alarm = FeedEvent;

/** What can be subscribed to. */
export interface Topics {
  /** Everything. */
  feed: FeedEvent;
  workers: WorkerEvent;
  /** What somebody should look at. */
  alarms: Alarm;
}

export interface ServiceOptions {
  /** What this process claims as; it takes back what it held when it begins anew. */
  readonly name: string;
  readonly workers: number;
  readonly lease: number;
  readonly grace: number;
  /** For what handlers do and log. */
  readonly log: Logger;
}

/** How far somebody who listens may fall behind. */
const FEED_CAPACITY = 4_096;

/** The queue as a whole: the store's keeper, the workers of this process, and what they tell. */
export class Service {
  readonly keeper: Keeper;
  readonly pool: WorkerPool;
  readonly bus: EventBus<Topics> = new EventBus({ capacity: FEED_CAPACITY });
  readonly meter: Meter = new Meter();
  readonly options: ServiceOptions;
  /** Cancelled when nothing new is to begin. */
  readonly stopping: CancellationToken = new CancellationToken();
  #store: Store;
  #handlers: Handlers;
  #announced: ReadonlySet<string> = new Set();
  #tasks: JoinHandle<unknown>[] = [];

  constructor(store: Store, handlers: Handlers, options: ServiceOptions) {
    const { name, lease } = options;
    this.options = options;
    this.#store = store;
    this.#handlers = handlers;
    this.keeper = new Keeper(store, (events) => this.#publish(events));
    const backend = new LocalBackend(this.keeper, {
      worker: name,
      lease,
      types: [...handlers.keys()],
    });
    const onEvent = (event: SupervisorEvent) => this.#noteWorker(event);
    this.pool = new WorkerPool(backend, handlers, { ...options, onEvent });
  }

  /** Takes back what this process held when it ended, and begins to work. */
  *start(): Co<void> {
    yield* this.keeper.do<"recover">({ kind: "recover", worker: this.options.name });
    this.#announced = new Set((yield* this.keeper.view()).announced);
    this.#tasks = [
      spawn(() => this.keeper.keepTime(), { name: "clock" }),
      spawn(() => this.pool.run(), { name: "workers" }),
    ];
  }

  /** Takes and gives out nothing more, lets what runs finish, and gives the rest back. */
  *drain(limit: number): Co<void> {
    this.stopping.cancel("the service stops");
    yield* this.pool.drain(limit);
  }

  /** Ends everything else; the store is closed when all that was asked for is done. */
  *close(): Co<void> {
    for (const task of this.#tasks) task.abort("the service stopped");
    yield* this.keeper.close();
    this.bus.close();
  }

  /** Whether somebody can do jobs of this type. */
  knows(type: string): boolean {
    return this.#handlers.has(type) || this.#announced.has(type);
  }

  *announce(types: readonly string[]): Co<void> {
    if (types.every((type) => this.#announced.has(type))) return;
    yield* this.keeper.do<"announce">({ kind: "announce", types });
    this.#announced = new Set((yield* this.keeper.view()).announced);
  }

  enqueue(specs: readonly JobSpec[]): Co<readonly Enqueued[]> {
    return this.keeper.do<"enqueue">({ kind: "enqueue", specs });
  }

  /** Ends jobs; those that run in this process are told at once. */
  *cancel(which: Which): Co<Changed> {
    const changed = yield* this.keeper.do<"cancel">({ kind: "cancel", which });
    for (const held of changed.running) this.pool.cancel(held);
    return changed;
  }

  #publish(events: readonly JobEvent[]): void {
    this.meter.note(events, now());
    if (this.bus.isClosed) return;
    const isHeard = this.bus.subscribers("feed") > 0;
    for (const event of events) {
      if (isHeard) this.bus.publish("feed", event);
      if (event.event === "JobDead") this.bus.publish("alarms", event);
    }
  }

  #noteWorker(event: SupervisorEvent): void {
    const news = workerNews(event);
    if (news === undefined || this.bus.isClosed) return;
    const { event: name, ...more } = news;
    const told: WorkerEvent = { event: name, at: this.#store.now(), ...more };
    this.bus.publish("feed", told);
    this.bus.publish("workers", told);
    this.bus.publish("alarms", told);
  }
}
