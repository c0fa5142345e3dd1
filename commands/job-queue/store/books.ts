import type { Job, JobState } from "../model/job.ts";
import { isLive } from "../model/job.ts";
import type { Schedule } from "../model/schedule.ts";
import { type Lane, noTotals, QueueBook } from "./queue_book.ts";
import { TOTALS, type Totals } from "./store.ts";
import type { JobTable } from "./table.ts";

type LaneNote = readonly [
  queue: string,
  type: string,
  key: string,
  scheduled: number,
  pending: number,
  running: number,
  usedUpTo: number,
];

/** What was announced so lately need not be written down again. */
const KNOWN_MS = 3_600_000;

/** There may be as many lanes as a service has customers. */
const SWEEP_EVERY_MS = 10_000;

const TIME = "time";
const JUMPED = "jumped";
const ANNOUNCED = "announced";
const FORGOTTEN = "forgotten";
const LANE = "lane/";
const QUEUE = "queue/";
const SCHEDULE = "schedule/";

/**
 * What a store keeps in mind: counters, limits, and whose turn it is. All of it is written down
 * beside the jobs, in the transaction in which it changes, so nothing is ever counted twice.
 */
export class Books {
  readonly queues: Map<string, QueueBook> = new Map();
  readonly lanes: Map<number, Lane> = new Map();
  readonly schedules: Map<string, Schedule> = new Map();
  /** The types that remote workers know, and when that was said last. */
  readonly announced: Map<string, number> = new Map();
  /** What queues have seen that are here no more. */
  forgotten: Totals = noTotals();
  /** By how much the time of day has jumped, all jumps together. */
  jumped = 0;
  /** The store's time when it was used last. */
  time = 0;
  #table: JobTable;
  #sweptAt = -Infinity;
  #lastLane = 0;
  #byName: Map<string, Lane> = new Map();
  #dirtyLanes: Set<Lane> = new Set();
  #dirtyQueues: Set<QueueBook> = new Set();

  constructor(table: JobTable) {
    this.#table = table;
    const notes = [...table.notes()];
    for (const [name, text] of notes) this.#readNote(name, text);
    for (const [name, text] of notes) if (name.startsWith(LANE)) this.#readLane(name, text);
  }

  queue(name: string): QueueBook {
    let book = this.queues.get(name);
    if (book === undefined) this.queues.set(name, book = new QueueBook(name));
    return book;
  }

  /** Where jobs of that queue, type and key are counted. */
  lane(queue: string, type: string, key: string): Lane {
    return this.#byName.get(nameOf(queue, type, key)) ??
      this.#addLane(++this.#lastLane, queue, type, key);
  }

  /** Lanes in which somebody waits, so many at most. */
  pendingLanes(most: number): Iterable<Lane> {
    return this.lanes.values().filter(({ pending }) => pending > 0).take(most);
  }

  /** How many jobs of all queues are in that state. */
  countOf(state: JobState): number {
    let count = 0;
    for (const { counts } of this.queues.values()) count += counts[state];
    return count;
  }

  /** A job has gone from one state to another; undefined is where it comes from and goes to. */
  moved(job: Job, from: JobState | undefined, to: JobState | undefined): void {
    const queue = this.queue(job.queue);
    if (from !== undefined) queue.counts[from]--;
    if (to !== undefined) queue.counts[to]++;
    this.#dirtyQueues.add(queue);
    // Only the living have a lane: the number of another's may be in use again.
    const lane = isLiving(from) || isLiving(to) ? this.lanes.get(job.lane) : undefined;
    if (lane === undefined) return;
    this.#count(lane, from, -1);
    this.#count(lane, to, 1);
    queue.noteTurn(lane.share);
  }

  /** The time of day has jumped, and those who wait in line keep their places. */
  noteJump(by: number): void {
    this.jumped += by;
    this.#table.setNote(JUMPED, String(this.jumped));
  }

  /** The queue's own note has changed. */
  touch(queue: QueueBook): void {
    this.#dirtyQueues.add(queue);
  }

  setSchedule(schedule: Schedule): void {
    this.schedules.set(schedule.name, schedule);
    this.#table.setNote(SCHEDULE + schedule.name, JSON.stringify(schedule));
  }

  removeSchedule(name: string): boolean {
    this.#table.setNote(SCHEDULE + name, undefined);
    return this.schedules.delete(name);
  }

  /** Workers say it with every claim: it is written down when that tells something new. */
  announce(types: readonly string[], now: number): void {
    const isKnown = (type: string) => now - (this.announced.get(type) ?? -Infinity) < KNOWN_MS;
    if (types.every(isKnown)) return;
    for (const type of types) this.announced.set(type, now);
    this.#noteAnnounced();
  }

  /** Forgets the types that were announced before then. */
  forgetAnnounced(before: number): void {
    const old = [...this.announced].filter(([, at]) => at < before);
    if (old.length === 0) return;
    for (const [type] of old) this.announced.delete(type);
    this.#noteAnnounced();
  }

  /** Its turn among the queues is over. */
  putLast(queue: QueueBook): void {
    this.queues.delete(queue.name);
    this.queues.set(queue.name, queue);
  }

  /** Writes down what has changed. */
  flush(now: number): void {
    for (const lane of this.#dirtyLanes) this.#table.setNote(LANE + lane.id, laneNote(lane));
    for (const queue of this.#dirtyQueues) {
      this.#table.setNote(QUEUE + queue.name, JSON.stringify(queue.note()));
    }
    if (this.#dirtyQueues.size > 0) this.#table.setNote(TIME, String(this.time = now));
    this.#dirtyLanes.clear();
    this.#dirtyQueues.clear();
  }

  /** Forgets lanes that have no live job, unless a rate still counts, and queues; now and then. */
  sweep(now: number): void {
    if (Math.abs(now - this.#sweptAt) < SWEEP_EVERY_MS) return;
    this.#sweptAt = now;
    this.#sweepLanes(now);
    for (const queue of this.queues.values()) if (queue.isForgettable(now)) this.#forget(queue);
  }

  #sweepLanes(now: number): void {
    for (const lane of this.lanes.values()) {
      if (lane.scheduled + lane.pending + lane.running > 0 || lane.share.usedUpTo > now) continue;
      this.lanes.delete(lane.id);
      this.#byName.delete(nameOf(lane.queue.name, lane.type, lane.share.key));
      lane.queue.removeLane(lane);
      this.#table.setNote(LANE + lane.id, undefined);
    }
  }

  /** What it has seen still counts. */
  #forget(queue: QueueBook): void {
    this.queues.delete(queue.name);
    this.#dirtyQueues.delete(queue);
    this.#table.setNote(QUEUE + queue.name, undefined);
    for (const what of TOTALS) this.forgotten[what] += queue.totals[what];
    this.#table.setNote(FORGOTTEN, JSON.stringify(this.forgotten));
  }

  #noteAnnounced(): void {
    this.#table.setNote(ANNOUNCED, JSON.stringify([...this.announced]));
  }

  #count(lane: Lane, state: JobState | undefined, by: number): void {
    const { share } = lane;
    if (state === "scheduled") lane.scheduled += by;
    if (state === "pending") {
      [lane.pending, share.pending] = [lane.pending + by, share.pending + by];
    }
    if (state === "running") {
      [lane.running, share.running] = [lane.running + by, share.running + by];
      lane.queue.type(lane.type).running += by;
    }
    this.#dirtyLanes.add(lane);
  }

  #addLane(id: number, queueName: string, type: string, key: string): Lane {
    const queue = this.queue(queueName);
    const share = queue.share(key);
    const lane: Lane = { id, queue, share, type, scheduled: 0, pending: 0, running: 0 };
    share.lanes.add(lane);
    this.lanes.set(id, lane);
    this.#byName.set(nameOf(queueName, type, key), lane);
    return lane;
  }

  #readNote(name: string, text: string): void {
    if (name === TIME) this.time = Number(text);
    if (name === JUMPED) this.jumped = Number(text);
    if (name === ANNOUNCED) {
      const announced: [string, number][] = JSON.parse(text);
      for (const [type, at] of announced) this.announced.set(type, at);
    }
    if (name === FORGOTTEN) this.forgotten = JSON.parse(text);
    if (name.startsWith(SCHEDULE)) {
      this.schedules.set(name.slice(SCHEDULE.length), JSON.parse(text));
    }
    if (name.startsWith(QUEUE)) this.queue(name.slice(QUEUE.length)).read(JSON.parse(text));
  }

  #readLane(name: string, text: string): void {
    const [queue, type, key, scheduled, pending, running, usedUpTo]: LaneNote = JSON.parse(text);
    const lane = this.#addLane(Number(name.slice(LANE.length)), queue, type, key);
    this.#lastLane = Math.max(this.#lastLane, lane.id);
    Object.assign(lane, { scheduled, pending, running });
    lane.share.pending += pending;
    lane.share.running += running;
    lane.share.usedUpTo = Math.max(lane.share.usedUpTo, usedUpTo);
    lane.queue.type(type).running += running;
    lane.queue.noteTurn(lane.share);
  }
}

function isLiving(state: JobState | undefined): boolean {
  return state !== undefined && isLive(state);
}

function nameOf(queue: string, type: string, key: string): string {
  return `${queue}\n${type}\n${key}`;
}

function laneNote({ queue, type, share, scheduled, pending, running }: Lane): string {
  const note: LaneNote = [
    queue.name,
    type,
    share.key,
    scheduled,
    pending,
    running,
    share.usedUpTo,
  ];
  return JSON.stringify(note);
}
