import { DatabaseSync } from "node:sqlite";
import { StoreFailed } from "../store.ts";
import { SCHEMA, SCHEMA_VERSION } from "./schema.ts";

/**
 * How safe a commit is: with `full` its log is on the disk before it returns, and outlives a power
 * cut; with `normal` it outlives the process, but a power cut may take the last ones.
 */
export type Synchronous = "full" | "normal";

/** With 1,000,000 jobs 32 MiB are no faster: what is needed next lies together. */
const CACHE_KIB = 8 * 1024;

/**
 * Opens the file for this process alone, and makes it when there is none.
 *
 * The lock is kept until it is closed or the process ends, however that is. So nobody waits for a
 * lock later, and a second server learns at once that there is another.
 *
 * @throws {StoreFailed} with what is wrong with the file
 */
export function openDatabase(path: string, synchronous: Synchronous): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    database.exec(`
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = ${synchronous};
      PRAGMA cache_size = -${CACHE_KIB};
      BEGIN EXCLUSIVE;
      COMMIT;
    `);
    prepare(database, path);
    return database;
  } catch (error) {
    database?.close();
    throw error instanceof StoreFailed ? error : explained(path, error);
  }
}

function prepare(database: DatabaseSync, path: string): void {
  const { user_version: version } = database.prepare("PRAGMA user_version").get() ?? {};
  if (version === SCHEMA_VERSION) return;
  const tables = database.prepare("SELECT count(*) AS count FROM sqlite_schema").get();
  if (version !== 0 || tables?.count !== 0) {
    throw new StoreFailed(
      `${path} holds something else than a queue of this version; choose another file with --db`,
    );
  }
  database.exec(`BEGIN; ${SCHEMA} COMMIT;`);
}

function explained(path: string, error: unknown): StoreFailed {
  const message = error instanceof Error ? error.message : String(error);
  return new StoreFailed(`cannot open ${path}: ${reason(message)}`, { cause: error });
}

function reason(message: string): string {
  if (message.includes("locked")) {
    return "another process has it open, and a file has one server; choose another with --db";
  }
  if (message.includes("not a database")) return "it is no SQLite database";
  if (message.includes("unable to open")) return "its folder is missing, or may not be written to";
  return message;
}
