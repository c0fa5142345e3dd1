import { isLive, type Job, type JobState, STATES, type TextName } from "../model/job.ts";
import { SortedList } from "./sorted_list.ts";
import type { JobFilter, JobTable } from "./table.ts";

type Texts = Partial<Record<TextName, string>>;

/** Everything in memory: nothing outlives the process. What must not throw half-way does not. */
export class MemoryTable implements JobTable {
  #jobs: Map<number, Job> = new Map();
  #texts: Map<number, Texts> = new Map();
  #unique: Map<string, number> = new Map();
  #lanes: Map<number, SortedList<Job>> = new Map();
  #due: SortedList<Job> = new SortedList(byDue);
  #states: Map<JobState, SortedList<Job>>;
  #notes: Map<string, string> = new Map();
  #lastId = 0;

  constructor() {
    this.#states = new Map(STATES.map((state) => [state, new SortedList(byId)]));
  }

  transaction<T>(work: () => T): T {
    return work();
  }

  insert(job: Job, payload: string): void {
    this.#lastId = Math.max(this.#lastId, job.id);
    this.#texts.set(job.id, { payload });
    this.#place(job);
  }

  job(id: number): Job | undefined {
    const job = this.#jobs.get(id);
    return job && { ...job };
  }

  save(job: Job): void {
    this.#displace(this.#jobs.get(job.id)!);
    this.#place(job);
  }

  remove(id: number): void {
    this.#displace(this.#jobs.get(id)!);
    this.#jobs.delete(id);
    this.#texts.delete(id);
  }

  lastId(): number {
    return this.#lastId;
  }

  text(id: number, name: TextName): string | undefined {
    return this.#texts.get(id)?.[name];
  }

  setText(id: number, name: TextName, text: string): void {
    this.#texts.get(id)![name] = text;
  }

  heads(lane: number, max: number): Job[] {
    return copies(this.#lanes.get(lane)?.first(max) ?? []);
  }

  dueBy(moment: number, max: number): Job[] {
    return copies(this.#due.first(max).filter(({ due }) => due <= moment));
  }

  nextDue(): number | undefined {
    return this.#due.first(1).at(0)?.due;
  }

  shift(state: "running" | "scheduled", by: number): void {
    for (const job of copies(this.#in(state).first(Infinity))) {
      if (!job.byClock) this.save({ ...job, due: job.due + by });
    }
  }

  list({ state, type, queue, before = Infinity, limit }: JobFilter): Job[] {
    const lists = state === undefined ? [...this.#states.values()] : [this.#in(state)];
    const found = lists.flatMap((list) =>
      list.last(
        limit,
        (job) =>
          job.id < before && (type === undefined || job.type === type) &&
          (queue === undefined || job.queue === queue),
      )
    );
    return copies(found.sort(byId).reverse().slice(0, limit));
  }

  oldest(state: JobState): Job | undefined {
    return copies(this.#in(state).first(1)).at(0);
  }

  heldBy(worker: string): Job[] {
    return copies(this.#in("running").first(Infinity).filter((job) => job.worker === worker));
  }

  withUniqueKey(key: string): Job | undefined {
    const id = this.#unique.get(key);
    return id === undefined ? undefined : this.job(id);
  }

  notes(): Iterable<readonly [name: string, text: string]> {
    return [...this.#notes].sort(([one], [other]) => one < other ? -1 : 1);
  }

  setNote(name: string, text: string | undefined): void {
    if (text === undefined) this.#notes.delete(name);
    else this.#notes.set(name, text);
  }

  close(): void {}

  #in(state: JobState): SortedList<Job> {
    return this.#states.get(state)!;
  }

  #lane(id: number): SortedList<Job> {
    let lane = this.#lanes.get(id);
    if (lane === undefined) this.#lanes.set(id, lane = new SortedList(byRank));
    return lane;
  }

  #place(given: Job): void {
    const job = { ...given };
    this.#jobs.set(job.id, job);
    this.#in(job.state).add(job);
    if (job.state === "pending") this.#lane(job.lane).add(job);
    if (job.due !== 0) this.#due.add(job);
    if (job.uniqueKey !== "" && isLive(job.state)) this.#unique.set(job.uniqueKey, job.id);
  }

  #displace(job: Job): void {
    this.#in(job.state).remove(job);
    if (job.state === "pending") {
      const lane = this.#lane(job.lane);
      lane.remove(job);
      if (lane.size === 0) this.#lanes.delete(job.lane);
    }
    if (job.due !== 0) this.#due.remove(job);
    if (this.#unique.get(job.uniqueKey) === job.id) this.#unique.delete(job.uniqueKey);
  }
}

function copies(jobs: readonly Job[]): Job[] {
  return jobs.map((job) => ({ ...job }));
}

function byId(one: Job, other: Job): number {
  return one.id - other.id;
}

function byRank(one: Job, other: Job): number {
  return one.rank - other.rank || one.id - other.id;
}

function byDue(one: Job, other: Job): number {
  return one.due - other.due || one.id - other.id;
}
