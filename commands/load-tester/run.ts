import { CancellationToken, type Co, spawn } from "../../runtime/mod.ts";
import { interrupted } from "../cli/interrupt.ts";
import type { Terminal } from "../cli/terminal.ts";
import type { Surroundings } from "../cli/tool.ts";
import type { LoadOptions } from "./command.ts";
import { dryRun } from "./dry_run.ts";
import { assertWritable, createFile, readText } from "./files.ts";
import { readBaseline } from "./judge/baseline.ts";
import { exitCode } from "./judge/exit_code.ts";
import { Fleet } from "./load/fleet.ts";
import type { Crew } from "./load/pass.ts";
import { clientOptions } from "./load/setup.ts";
import { ThreadedFleet } from "./load/threaded_fleet.ts";
import { makePlan, type Plan } from "./plan.ts";
import { assemble, headOf } from "./report/assemble.ts";
import { CsvLog } from "./report/csv_log.ts";
import { htmlReport } from "./report/html_report.ts";
import { LiveView } from "./report/live_view.ts";
import type { Report } from "./report/report.ts";
import { ending, heading, textReport } from "./report/text_report.ts";
import { inFamily } from "./target/family.ts";
import { Session, type SessionOutcome } from "./session.ts";

/** `load-tester run`: sends the requests, and tells how they were answered. */
export function* run(options: LoadOptions, { terminal, log, args }: Surroundings): Co<number> {
  const plan = yield* placed(makePlan(options, args, terminal), options);
  if (options.dryRun) return yield* dryRun(plan.setup, terminal);
  const baseline = baselineOf(options, terminal);
  if (options.html !== undefined) assertWritable("--html", options.html, terminal);
  const head = headOf(options, plan, log.tracer.clock.wall());
  if (!options.json) { for (const line of heading(head)) terminal.out(line); }
  const outcome = yield* conduct(options, plan, terminal);
  const report = assemble(head, outcome, options.expect ?? [], baseline);
  tell(report, options, terminal);
  if (options.html !== undefined) writePage(options.html, report, terminal);
  return exitCode(report);
}

/** The plan with its hosts at addresses of the family that was asked for, if one was. */
function* placed(plan: Plan, { ipv4, ipv6 }: LoadOptions): Co<Plan> {
  if (!ipv4 && !ipv6) return plan;
  return { ...plan, setup: yield* inFamily(plan.setup, ipv4 ? 4 : 6) };
}

/** Does what is planned, and shows how it goes where somebody looks. */
function* conduct(options: LoadOptions, plan: Plan, terminal: Terminal): Co<SessionOutcome> {
  using csv = csvOf(options, plan, terminal);
  using crew = crewOf(options, plan);
  const stop = new CancellationToken();
  using _signals = stopAtSignal(stop, terminal);
  const view = terminal.live && new LiveView(terminal.live, () => crew.progress());
  using _shown = view?.start();
  const { threads } = options;
  const session = new Session({ plan, crew, threads, terminal, stop, observer: csv?.add, view });
  return yield* session.carryOut(options);
}

/** Those who do it: one thread, or as many as are asked for and have something to do. */
function crewOf({ threads, driver }: LoadOptions, { setup, concurrency }: Plan): Crew {
  const options = clientOptions(setup); // says what is wrong with it, before threads are begun
  if (threads === 1) return new Fleet(options, concurrency);
  return new ThreadedFleet(setup, concurrency, Math.min(threads, concurrency), driver);
}

function writePage(path: string, report: Report, terminal: Terminal): void {
  const page = createFile("--html", path, terminal);
  page.write(htmlReport(report));
  page.close();
}

function baselineOf({ compare: path }: LoadOptions, terminal: Terminal) {
  return path === undefined ? undefined : readBaseline(path, readText("--compare", path, terminal));
}

function csvOf({ csv: path }: LoadOptions, { setup }: Plan, terminal: Terminal) {
  return path === undefined
    ? undefined
    : new CsvLog(createFile("--csv", path, terminal), setup.urls);
}

/** The first SIGINT or SIGTERM lets what is under way finish. */
function stopAtSignal(stop: CancellationToken, terminal: Terminal): Disposable {
  const signalled = interrupted(terminal); // listening from now on
  return spawn(function* () {
    stop.cancel(yield* signalled);
  }, { name: "signals" }).abortOnDrop();
}

function tell(report: Report, { json }: LoadOptions, terminal: Terminal): void {
  if (json) return terminal.out(JSON.stringify(report, null, 2));
  for (const line of [...ending(report), ...textReport(report)]) terminal.out(line);
}
