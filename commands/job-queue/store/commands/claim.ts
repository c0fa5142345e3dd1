import type { Claim, Claiming } from "../../model/command.ts";
import type { Job } from "../../model/job.ts";
import type { Limit } from "../../model/limits.ts";
import { paceAfter, paceReadyAt } from "../../model/pace.ts";
import type { Lane, QueueBook, Share } from "../queue_book.ts";
import type { Transaction } from "../transaction.ts";

/** Of the shares whose types are at their limits, how many are passed over in one claim. */
const MOST_PASSED_OVER = 1_000;

/** Takes up to `max` jobs: from each queue in turn, and from its keys in fair shares. */
export function claim(tx: Transaction, command: Claiming): Claim[] {
  const claimed: Job[] = [];
  for (const queue of queuesFor(tx, command)) {
    queue.wake(tx.now);
    new QueueClaim(tx, queue, command).take(claimed);
    if (claimed.length >= command.max) break;
  }
  return claimed.map((job) => claimOf(tx, job));
}

/** Those that may be taken from; whoever is asked first this time is asked last the next. */
function queuesFor({ books }: Transaction, { queues }: Claiming): QueueBook[] {
  const named = queues?.flatMap((name) => books.queues.get(name) ?? []) ??
    [...books.queues.values()];
  const open = named.filter(({ paused, counts }) => !paused && counts.pending > 0);
  if (queues === undefined && open.length > 1) books.putLast(open[0]);
  return open;
}

/** One claim at one queue. */
class QueueClaim {
  #tx: Transaction;
  #queue: QueueBook;
  #command: Claiming;
  /** The heads of the lanes that were looked at, first ones last. */
  #heads: Map<Lane, Job[]> = new Map();
  #passedOver: Share[] = [];

  constructor(tx: Transaction, queue: QueueBook, command: Claiming) {
    this.#tx = tx;
    this.#queue = queue;
    this.#command = command;
  }

  take(into: Job[]): void {
    const { turns } = this.#queue;
    while (into.length < this.#command.max && this.#mayBegin()) {
      const [share] = turns;
      if (share === undefined || this.#passedOver.length > MOST_PASSED_OVER) break;
      turns.delete(share);
      if (share.pending === 0 || !this.#shareMayBegin(share)) continue;
      const job = this.#next(share, this.#command.max - into.length);
      if (job === undefined) this.#passedOver.push(share);
      else into.push(this.#start(job, share));
    }
    for (const share of this.#passedOver) this.#queue.noteTurn(share);
  }

  #mayBegin(): boolean {
    const { limits, counts, usedUpTo } = this.#queue;
    return this.#hasRoom(limits.queue, counts.running) && this.#isInPace(limits.queue, usedUpTo);
  }

  /** One that has no room gets its next turn when one of its jobs has ended. */
  #shareMayBegin(share: Share): boolean {
    const limit = this.#queue.limits.key;
    if (!this.#hasRoom(limit, share.running)) return false;
    if (this.#isInPace(limit, share.usedUpTo)) return true;
    this.#queue.resting.set(share, paceReadyAt(share.usedUpTo, limit.rate!));
    return false;
  }

  #hasRoom({ concurrency }: Limit, running: number): boolean {
    return concurrency === undefined || running < concurrency;
  }

  #isInPace({ rate }: Limit, usedUpTo: number): boolean {
    if (rate === undefined) return true;
    const readyAt = paceReadyAt(usedUpTo, rate);
    if (readyAt <= this.#tx.now) return true;
    this.#queue.wakeAt = Math.min(this.#queue.wakeAt, readyAt);
    return false;
  }

  /** The first in line of a share's lanes whose types may begin. */
  #next(share: Share, wanted: number): Job | undefined {
    let best: Job[] | undefined;
    for (const lane of share.lanes) {
      if (lane.pending === 0 || !this.#typeMayBegin(lane)) continue;
      const heads = this.#headsOf(lane, wanted);
      const head = heads.at(-1);
      if (head === undefined) continue;
      const other = best?.at(-1);
      if (other === undefined || isBefore(head, other)) best = heads;
    }
    return best?.pop();
  }

  #typeMayBegin({ type }: Lane): boolean {
    const { types } = this.#command;
    if (types !== undefined && !types.includes(type)) return false;
    const limit = limitOf(this.#queue, type);
    const { running, usedUpTo } = this.#queue.type(type);
    return limit === undefined || this.#hasRoom(limit, running) && this.#isInPace(limit, usedUpTo);
  }

  /** Where many share the claim, few are needed of each. */
  #headsOf(lane: Lane, wanted: number): Job[] {
    let heads = this.#heads.get(lane);
    if (heads === undefined || heads.length === 0) {
      const many = Math.ceil(wanted / (this.#queue.turns.size + 1));
      heads = this.#tx.table.heads(lane.id, many).reverse();
      this.#heads.set(lane, heads);
    }
    return heads;
  }

  #start(job: Job, share: Share): Job {
    const { now } = this.#tx;
    const { worker, lease } = this.#command;
    job.epoch++;
    job.attempt++;
    job.worker = worker;
    job.startedAt = now;
    job.due = now + lease;
    this.#use(job, share);
    this.#tx.move(job, "running");
    this.#tx.tell("JobStarted", job, { worker });
    return job;
  }

  #use({ type }: Job, share: Share): void {
    const queue = this.#queue;
    const { now } = this.#tx;
    const own = limitOf(queue, type)?.rate;
    const { queue: { rate: ofQueue }, key: { rate: ofKey } } = queue.limits;
    const book = queue.type(type);
    if (own !== undefined) book.usedUpTo = paceAfter(book.usedUpTo, own, now);
    if (ofQueue !== undefined) queue.usedUpTo = paceAfter(queue.usedUpTo, ofQueue, now);
    if (ofKey !== undefined) share.usedUpTo = paceAfter(share.usedUpTo, ofKey, now);
  }
}

function limitOf({ limits }: QueueBook, type: string): Limit | undefined {
  return Object.hasOwn(limits.types, type) ? limits.types[type] : undefined;
}

function isBefore(one: Job, other: Job): boolean {
  return one.rank === other.rank ? one.id < other.id : one.rank < other.rank;
}

function claimOf(
  tx: Transaction,
  { id, epoch, type, queue, key, attempt, maxRetries, timeout }: Job,
): Claim {
  const payload = tx.table.text(id, "payload") ?? "{}";
  return { id, epoch, type, queue, key, payload, attempt, maxRetries, timeout };
}
