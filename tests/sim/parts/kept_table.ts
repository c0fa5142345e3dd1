import { SqliteTable } from "../../../commands/job-queue/store/sqlite/sqlite_table.ts";

/** The rows in SQLite, over a database that the world keeps when a server closes it, or dies. */
export class KeptTable extends SqliteTable {
  override close(): void {}
}
