import type { SimDisk } from "wakeful/testing";
import type { Command } from "../../../commands/job-queue/model/command.ts";
import type { JobTable } from "../../../commands/job-queue/store/table.ts";
import { LoggedTable } from "../parts/logged_table.ts";

/** Answers before what it has written is safe: a power cut may take it back. */
export class UnsyncedTable extends LoggedTable {
  protected override sync(_disk: SimDisk, _path: string): void {}
}

/** Believes whoever has ever held a job: the epoch is made to fit. */
export function withoutEpoch(command: Command, table: JobTable): Command {
  const isHolder = command.kind === "complete" || command.kind === "fail" ||
    command.kind === "heartbeat";
  if (!isHolder) return command;
  return { ...command, epoch: table.job(command.id)?.epoch ?? command.epoch };
}
