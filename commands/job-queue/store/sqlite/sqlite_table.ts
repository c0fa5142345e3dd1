import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { type Job, type JobState, STATES, type TextName, TEXTS } from "../../model/job.ts";
import { StoreFailed } from "../store.ts";
import type { JobFilter, JobTable } from "../table.ts";
import { CHANGING, COLUMNS } from "./schema.ts";

const LAST_ID = "last id";

/** What the types of the platform leave out. */
type ArrayStatement = StatementSync & { setReturnArrays(on: boolean): void };

type Row = readonly SQLInputValue[];

/** The rows in a SQLite file, which this process has for itself. */
export class SqliteTable implements JobTable {
  #database: DatabaseSync;
  #statements: Map<string, StatementSync> = new Map();
  #rowStatements: Map<string, StatementSync> = new Map();
  #lastId = 0;
  /** The rows that are asked for next: whoever ends a job, or renews its lease, begins there. */
  #running: Map<number, Job> = new Map();

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#readLastId();
  }

  transaction<T>(work: () => T): T {
    const before = this.#lastId;
    try {
      this.#database.exec("BEGIN IMMEDIATE");
      const value = work();
      if (this.#lastId !== before) this.setNote(LAST_ID, String(this.#lastId));
      this.#database.exec("COMMIT");
      return value;
    } catch (error) {
      this.#lastId = before;
      this.#running.clear();
      this.#rollBack();
      throw isSqlError(error)
        ? new StoreFailed(`SQLite: ${error.message}`, { cause: error })
        : error;
    }
  }

  insert(job: Job, payload: string): void {
    this.#lastId = Math.max(this.#lastId, job.id);
    this.#prepared(INSERT).run(...COLUMNS.map((name) => valueOf(job, name)), payload);
  }

  job(id: number): Job | undefined {
    const running = this.#running.get(id);
    return running !== undefined
      ? { ...running }
      : this.#first(`SELECT ${LIST} FROM jobs WHERE id = ?`, id);
  }

  save(job: Job): void {
    this.#prepared(SAVE).run(...CHANGING.map((name) => valueOf(job, name)), job.id);
    if (job.state === "running") this.#running.set(job.id, { ...job });
    else this.#running.delete(job.id);
  }

  remove(id: number): void {
    this.#prepared("DELETE FROM jobs WHERE id = ?").run(id);
  }

  lastId(): number {
    return this.#lastId;
  }

  text(id: number, name: TextName): string | undefined {
    const row = this.#prepared(
      `SELECT ${TEXTS[TEXTS.indexOf(name)]} AS text FROM jobs WHERE id = ?`,
    )
      .get(id);
    return row === undefined || row.text === null ? undefined : String(row.text);
  }

  setText(id: number, name: TextName, text: string): void {
    this.#prepared(`UPDATE jobs SET ${TEXTS[TEXTS.indexOf(name)]} = ? WHERE id = ?`).run(text, id);
  }

  heads(lane: number, max: number): Job[] {
    return this.#all(
      `SELECT ${LIST} FROM jobs WHERE lane = ? AND state = 1 ORDER BY rank, id ${AT_MOST}`,
      lane,
      max,
    );
  }

  dueBy(moment: number, max: number): Job[] {
    return this.#all(
      `SELECT ${LIST} FROM jobs WHERE due > 0 AND due <= ? ORDER BY due, id ${AT_MOST}`,
      moment,
      max,
    );
  }

  nextDue(): number | undefined {
    const row = this.#prepared("SELECT due FROM jobs WHERE due > 0 ORDER BY due LIMIT 1").get();
    return row === undefined ? undefined : Number(row.due);
  }

  shift(state: "running" | "scheduled", by: number): void {
    this.#running.clear();
    this.#prepared("UPDATE jobs SET due = due + ? WHERE state = ? AND byClock = 0")
      .run(by, STATES.indexOf(state));
  }

  list({ state, type, queue, before, limit }: JobFilter): Job[] {
    const conditions: [sql: string, value: SQLInputValue | undefined][] = [
      ["state = ?", state === undefined ? undefined : STATES.indexOf(state)],
      ["type = ?", type],
      ["queue = ?", queue],
      ["id < ?", before],
    ];
    const given = conditions.filter(([, value]) => value !== undefined);
    const where = ["1", ...given.map(([sql]) => sql)].join(" AND ");
    const values = given.map(([, value]) => value!);
    const sql = `SELECT ${LIST} FROM jobs WHERE ${where} ORDER BY id DESC ${AT_MOST}`;
    return this.#all(sql, ...values, limit);
  }

  oldest(state: JobState): Job | undefined {
    const sql = `SELECT ${LIST} FROM jobs WHERE state = ? ORDER BY id LIMIT 1`;
    return this.#first(sql, STATES.indexOf(state));
  }

  heldBy(worker: string): Job[] {
    const sql = `SELECT ${LIST} FROM jobs WHERE state = ${RUNNING} AND worker = ? ORDER BY id`;
    return this.#all(sql, worker);
  }

  withUniqueKey(key: string): Job | undefined {
    const sql =
      `SELECT ${LIST} FROM jobs WHERE uniqueKey = ? AND uniqueKey <> '' AND state < 3 LIMIT 1`;
    return this.#first(sql, key);
  }

  notes(): Iterable<readonly [name: string, text: string]> {
    return this.#prepared("SELECT name, text FROM notes").all()
      .map(({ name, text }) => [String(name), String(text)] as const);
  }

  setNote(name: string, text: string | undefined): void {
    if (text === undefined) this.#prepared("DELETE FROM notes WHERE name = ?").run(name);
    else this.#prepared(SET_NOTE).run(name, text);
  }

  close(): void {
    this.#database.close();
  }

  #readLastId(): void {
    const note = this.#prepared("SELECT text FROM notes WHERE name = ?").get(LAST_ID);
    this.#lastId = Number(note?.text ?? 0);
  }

  /** Some errors have rolled back already. */
  #rollBack(): void {
    try {
      this.#database.exec("ROLLBACK");
    } catch (error) {
      if (!isSqlError(error)) throw error;
    }
  }

  #first(sql: string, ...values: SQLInputValue[]): Job | undefined {
    const row = this.#rows(sql).get(...values) as unknown as Row | undefined;
    return row && jobOf(row);
  }

  #all(sql: string, ...values: SQLInputValue[]): Job[] {
    const rows = this.#rows(sql).all(...values) as unknown as Row[];
    return rows.map(jobOf);
  }

  /** Answers rows as arrays, which cost half as much as objects. */
  #rows(sql: string): StatementSync {
    let statement = this.#rowStatements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      (statement as ArrayStatement).setReturnArrays(true);
      this.#rowStatements.set(sql, statement);
    }
    return statement;
  }

  #prepared(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      this.#statements.set(sql, statement = this.#database.prepare(sql));
    }
    return statement;
  }
}

const RUNNING = STATES.indexOf("running");
const LIST = COLUMNS.join(", ");
/** A bare `?` is a hint to SQLite's planner, which then compiles the statement at every call: 17 µs. */
const AT_MOST = "LIMIT ? + 0";
const INSERT = `INSERT INTO jobs (${LIST}, payload) VALUES (${COLUMNS.map(() => "?")}, ?)`;
const SAVE = `UPDATE jobs SET ${CHANGING.map((name) => `${name} = ?`)} WHERE id = ?`;
const SET_NOTE =
  "INSERT INTO notes VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET text = excluded.text";

/** A job's field as its column has it. */
function valueOf(job: Job, name: (typeof COLUMNS)[number]): SQLInputValue {
  if (name === "state") return STATES.indexOf(job.state);
  const value = job[name];
  return typeof value === "boolean" ? Number(value) : value;
}

/** A row with the columns in their order. */
function jobOf(row: Row): Job {
  return {
    id: row[0] as number,
    queue: row[1] as string,
    type: row[2] as string,
    key: row[3] as string,
    priority: row[4] as number,
    maxRetries: row[5] as number,
    timeout: row[6] as number,
    expiresAt: row[7] as number,
    uniqueKey: row[8] as string,
    createdAt: row[9] as number,
    lane: row[10] as number,
    state: STATES[row[11] as number],
    rank: row[12] as number,
    due: row[13] as number,
    epoch: row[14] as number,
    attempt: row[15] as number,
    worker: row[16] as string,
    byClock: row[17] === 1,
    cancelAsked: row[18] === 1,
    readyAt: row[19] as number,
    startedAt: row[20] as number,
    finishedAt: row[21] as number,
  };
}

function isSqlError(error: unknown): error is Error {
  return error instanceof Error && "code" in error && error.code === "ERR_SQLITE_ERROR";
}
