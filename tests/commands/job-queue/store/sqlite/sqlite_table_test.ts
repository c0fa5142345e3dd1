/** The store in SQLite does what every store does, and outlives its process. */

import { assertEquals, assertThrows } from "../../../../support/assert.ts";
import { tempDir } from "../../../../support/temp_dir.ts";
import { openDatabase } from "../../../../../commands/job-queue/store/sqlite/open.ts";
import { SqliteTable } from "../../../../../commands/job-queue/store/sqlite/sqlite_table.ts";
import { StoreFailed } from "../../../../../commands/job-queue/store/store.ts";
import { assertBalanced, conformance } from "../conformance.ts";
import { fairness } from "../fairness.ts";
import { StoreRig } from "../rig.ts";
import { schedules } from "../schedules.ts";

const open = () => new SqliteTable(openDatabase(":memory:", "full"));
conformance("store in SQLite", open);
fairness("store in SQLite", open);
schedules("store in SQLite", open);

Deno.test("SQLite table: what was committed is there when the file is opened again", () => {
  using dir = tempDir();
  const rig = () => new StoreRig(new SqliteTable(openDatabase(dir.path("queue.db"), "full")));
  const first = rig();
  const ids = [first.add({ payload: '{"a":"ä"}' }), first.add()];
  first.claimOne();
  first.store.close();
  const second = rig();
  assertEquals(ids.map((id) => second.state(id)), ["running", "pending"]);
  assertEquals(second.detail(ids[0]).payload, '{"a":"ä"}');
  assertEquals(second.add(), ids[1] + 1);
  second.store.close();
});

Deno.test("SQLite table: a transaction that throws has changed nothing", () => {
  const table = open();
  const rig = new StoreRig(table);
  const id = rig.add();
  assertThrows(
    () =>
      table.transaction(() => {
        table.setText(id, "result", "1");
        throw new Error("in the middle");
      }),
    Error,
    "in the middle",
  );
  assertEquals(table.text(id, "result"), undefined);
  assertEquals(rig.add(), id + 1);
  rig.store.close();
});

Deno.test("SQLite table: a full disk refuses what it has no room for, and keeps what it has", () => {
  const database = openDatabase(":memory:", "full");
  const rig = new StoreRig(new SqliteTable(database));
  database.exec("PRAGMA max_page_count = 40");
  const payload = JSON.stringify({ text: "x".repeat(5_000) });
  let accepted = 0;
  assertThrows(
    () => {
      for (;; accepted++) rig.add({ payload, key: `key ${accepted}` });
    },
    StoreFailed,
    "full",
  );
  assertEquals(rig.store.view().queues[0].totals.enqueued, accepted);
  assertBalanced(rig);
  database.exec("PRAGMA max_page_count = 4000");
  assertEquals(rig.add({ payload }), accepted + 1);
  assertEquals(rig.claim(1_000).length, accepted + 1);
  assertBalanced(rig);
  rig.store.close();
});
