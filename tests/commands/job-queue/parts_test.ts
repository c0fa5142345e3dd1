import { runTest } from "wakeful/testing";
import { RuntimeFailure, UsageError } from "../../../commands/cli/errors.ts";
import { loadHandlers, openStore, serviceOptions } from "../../../commands/job-queue/parts.ts";
import { jobSpec } from "../../../commands/job-queue/model/spec.ts";
import type { Store } from "../../../commands/job-queue/store/store.ts";
import type { TableStore } from "../../../commands/job-queue/store/table_store.ts";
import { assertEquals, assertRejects, assertThrows } from "../../support/assert.ts";
import { FakeTerminal } from "../../support/fake_terminal.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { optionsOf } from "./options.ts";
import { NO_LOG } from "./service_rig.ts";
import { START } from "./store/rig.ts";

/** What `look` sees of the store that these flags open. */
function opened<T>(db: string, flags: string[], look: (store: TableStore) => T): Promise<T> {
  const clock = { now: () => 0, wall: () => START };
  return runTest(function* () {
    const store: Store = openStore({ ...optionsOf("serve", ...flags), db });
    try {
      return look(store as TableStore);
    } finally {
      store.close();
    }
  }, { configure: (builder) => builder.clock(clock) });
}

function loaded(handlers: string | undefined) {
  const terminal = Object.assign(new FakeTerminal(), { moduleUrl: (path: string) => path });
  return runTest(() => loadHandlers({ handlers }, terminal, NO_LOG));
}

Deno.test("parts: a store in a file is there again, one in memory is not", async () => {
  using dir = tempDir();
  for (const [db, left] of [[dir.path("queue.db"), 1], [":memory:", 0]] as const) {
    await opened(db, [], (store) => store.apply([{ kind: "enqueue", specs: [jobSpec("noop")] }]));
    assertEquals(await opened(db, [], (store) => store.list({ limit: 9 }).length), left);
  }
});

Deno.test("parts: a store elsewhere is refused", async () => {
  const db = "postgres://localhost/q";
  const message = `--db ${db}: expected a file or :memory:`;
  await assertRejects(() => opened(db, [], () => {}), UsageError, message);
});

Deno.test("parts: a store has the limits of its flags, and the time of its runtime", async () => {
  const specs = [jobSpec("noop"), jobSpec("noop")];
  const [{ replies }, now] = await opened(":memory:", ["--max-pending", "1"], (store) => [
    store.apply([{ kind: "enqueue", specs }]),
    store.now(),
  ]);
  assertEquals(replies, [[{ id: 1 }, { refused: "full" }]]);
  assertEquals(now, START);
});

Deno.test("parts: a file that is no database is a failure that names it", async () => {
  using dir = tempDir();
  const db = dir.path("precious.txt");
  Deno.writeTextFileSync(db, "precious ".repeat(1_000));
  await assertRejects(() => opened(db, [], () => {}), RuntimeFailure, "precious.txt");
});

Deno.test("parts: a service is called local, unless it is said, and only by a name", () => {
  const { log: _log, ...options } = serviceOptions(
    optionsOf("serve", "-w", "3", "--lease", "20s", "--cancel-grace", "2s"),
    NO_LOG,
  );
  assertEquals(options, { name: "local", workers: 3, lease: 20_000, grace: 2_000 });
  assertEquals(serviceOptions(optionsOf("serve", "--name", "ann"), NO_LOG).name, "ann");
  const wrong = optionsOf("serve", "--name", "a b");
  assertThrows(() => serviceOptions(wrong, NO_LOG), UsageError, '--name "a b": expected 1 to 64');
});

Deno.test("parts: handlers of a module come beside those that are there, and before them", async () => {
  const builtIn = [...(await loaded(undefined)).keys()];
  const own = "data:text/javascript,export const resize = () => 1; export const noop = () => 2";
  const handlers = await loaded(own);
  assertEquals([...handlers.keys()], [...builtIn, "resize"]);
  const noop = handlers.get("noop");
  assertEquals(noop?.where === "here" && noop.run({}, {} as never), 2);
});

Deno.test("parts: a module that has no handlers is a failure that names it", async () => {
  await assertRejects(() => loaded("data:text/javascript,"), RuntimeFailure, "--handlers data:");
  await assertRejects(
    () => loaded("file:///nowhere.js"),
    RuntimeFailure,
    "--handlers file:///nowhere",
  );
});
