/** What the words of the command are put together from. */

import { type Co, currentLoop, fromPromise, type Logger } from "../../runtime/mod.ts";
import { RuntimeFailure, UsageError } from "../cli/errors.ts";
import { quote } from "../cli/quote.ts";
import type { Terminal } from "../cli/terminal.ts";
import { IN_MEMORY, type QueueOptions } from "./command.ts";
import { BUILT_IN } from "./engine/built_in.ts";
import type { Handlers } from "./engine/handler.ts";
import { handlersIn } from "./engine/load_handlers.ts";
import type { ServiceOptions } from "./engine/service.ts";
import { A_NAME, isName } from "./model/names.ts";
import { openDatabase } from "./store/sqlite/open.ts";
import { SqliteTable } from "./store/sqlite/sqlite_table.ts";
import { MemoryTable } from "./store/memory_table.ts";
import { type Store, StoreFailed } from "./store/store.ts";
import { TableStore } from "./store/table_store.ts";

interface StoreOptions
  extends Pick<QueueOptions, "synchronous" | "maxPending" | "keep" | "keepDead" | "keepMax"> {
  readonly db: string;
}

/**
 * Opens the store.
 *
 * @throws {UsageError} when it is no file
 * @throws {RuntimeFailure} with what is wrong with its file
 */
export function openStore(options: StoreOptions): Store {
  if (options.db.includes("://")) {
    throw new UsageError(`--db ${quote(options.db)}: expected a file or ${IN_MEMORY}`);
  }
  const { timers } = currentLoop();
  const clock = { now: () => timers.read(), wall: () => timers.wall() };
  try {
    const table = options.db === IN_MEMORY
      ? new MemoryTable()
      : new SqliteTable(openDatabase(options.db, options.synchronous));
    return new TableStore(table, clock, options);
  } catch (error) {
    if (error instanceof StoreFailed) throw new RuntimeFailure(error.message, { cause: error });
    throw error;
  }
}

/** What a server claims as unless it is said. */
const SERVER_NAME = "local";

/** @throws {UsageError} when the name could not be one */
export function serviceOptions(options: QueueOptions, log: Logger): ServiceOptions {
  const { name = SERVER_NAME, workers, lease, cancelGrace: grace } = options;
  if (!isName(name)) throw new UsageError(`--name ${quote(name)}: expected ${A_NAME}`);
  return { name, workers, lease, grace, log: log.for("job") };
}

/** The built-in handlers, and those of the user's module. @throws {RuntimeFailure} when it has none */
export function* loadHandlers(
  { handlers: path }: Pick<QueueOptions, "handlers">,
  terminal: Terminal,
  log: Logger,
): Co<Handlers> {
  if (path === undefined) return BUILT_IN;
  const url = terminal.moduleUrl(path);
  try {
    const own = handlersIn(yield* fromPromise<Record<string, unknown>>(import(url)), url);
    log.debug("handlers", { types: [...own.keys()].join(" ") });
    return new Map([...BUILT_IN, ...own]);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new RuntimeFailure(`--handlers ${path}: ${message}`, { cause: error });
  }
}
