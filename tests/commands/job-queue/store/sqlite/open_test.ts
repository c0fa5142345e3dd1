import { assertEquals, assertStringIncludes, assertThrows } from "../../../../support/assert.ts";
import { tempDir } from "../../../../support/temp_dir.ts";
import { openDatabase } from "../../../../../commands/job-queue/store/sqlite/open.ts";
import { StoreFailed } from "../../../../../commands/job-queue/store/store.ts";

function refusal(path: string): string {
  return assertThrows(() => openDatabase(path, "full"), StoreFailed).message;
}

Deno.test("open: full means that each commit waits for the disk, normal that it does not", () => {
  for (const [synchronous, level] of [["full", 2], ["normal", 1]] as const) {
    using dir = tempDir();
    const database = openDatabase(dir.path("queue.db"), synchronous);
    const pragma = (name: string) => Object.values(database.prepare(`PRAGMA ${name}`).get()!)[0];
    assertEquals([pragma("journal_mode"), pragma("synchronous")], ["wal", level]);
    database.close();
  }
});

Deno.test("open: a file has one owner, and can be opened again when that is gone", () => {
  using dir = tempDir();
  const path = dir.path("queue.db");
  const first = openDatabase(path, "full");
  assertStringIncludes(refusal(path), "another process has it open");
  first.close();
  openDatabase(path, "full").close();
});

Deno.test("open: what is no queue is left as it is", () => {
  using dir = tempDir();
  Deno.writeTextFileSync(dir.path("notes.txt"), "these are my notes, and no database at all");
  assertStringIncludes(refusal(dir.path("notes.txt")), "it is no SQLite database");
  const other = openDatabase(dir.path("other.db"), "full");
  other.exec("PRAGMA user_version = 99");
  other.close();
  assertStringIncludes(
    refusal(dir.path("other.db")),
    "something else than a queue of this version",
  );
  assertStringIncludes(refusal(dir.path("no/such/folder.db")), "its folder is missing");
});
