import { type Co, follow, type Logger, spawn } from "../../runtime/mod.ts";
import { RuntimeFailure, UsageError } from "../cli/errors.ts";
import { quote } from "../cli/quote.ts";
import type { Terminal, TextFile } from "../cli/terminal.ts";
import type { QueueOptions } from "./command.ts";
import { liveOf, showService } from "./dashboard.ts";
import { type Alert, alertAbout } from "./engine/alerter.ts";
import { messageOf } from "./engine/error_text.ts";
import { logEvents } from "./engine/event_log.ts";
import { fetchUrl, isFetchable } from "./engine/fetch_url.ts";
import type { Alarm, Service, WorkerEvent } from "./engine/service.ts";

const FIRST_ERROR = 400;

interface Around {
  readonly terminal: Terminal;
  readonly log: Logger;
}

/** Starts everybody who looks on: the log, the alerter, the dashboard. Disposing ends them. */
export function watchOver(service: Service, options: QueueOptions, around: Around): Disposable {
  const { terminal, log } = around;
  const tasks: [name: string, body: () => Co<void>][] = [
    ["workers", () => tellWorkers(service, log)],
    ["dead jobs", () => tellDead(service, log)],
  ];
  let file: TextFile | undefined;
  if (options.log !== undefined) {
    const opened = file = open(options.log, terminal);
    const onError = (error: unknown) =>
      log.error(`cannot write ${options.log}: ${messageOf(error)}`);
    tasks.push(["event log", () => logEvents(service.bus, opened, onError)]);
  }
  if (options.alertUrl !== undefined) {
    const url = urlOf(options.alertUrl);
    const onError = (error: unknown) => log.error(`cannot alert ${url.host}: ${messageOf(error)}`);
    tasks.push(["alerter", () => alertAbout(service.bus, (alert) => post(url, alert), onError)]);
  }
  if (options.dashboard) {
    const live = liveOf(terminal);
    tasks.push(["dashboard", () => showService(service, live)]);
  }
  const running = tasks.map(([name, body]) => spawn(body, { name }));
  return {
    [Symbol.dispose]: () => {
      for (const task of running) task.abort("the service stopped");
      file?.close();
    },
  };
}

function open(path: string, terminal: Terminal): TextFile {
  try {
    return terminal.append(path);
  } catch (error) {
    const message = `cannot open ${path}: ${messageOf(error)}; choose another file with --log`;
    throw new RuntimeFailure(message, { cause: error });
  }
}

function urlOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (isFetchable(url)) return url;
  throw new UsageError(
    `--alert-url ${quote(text)}: expected an address that begins with http:// or https://`,
  );
}

function* post(url: URL, alert: Alert): Co<void> {
  const headers = { "Content-Type": "application/json" };
  const { status } = yield* fetchUrl({ url, method: "POST", headers, body: JSON.stringify(alert) });
  if (status >= FIRST_ERROR) throw new Error(`it answered ${status}`);
}

/** Workers that crash are a matter for whoever looks after the server. */
function* tellWorkers({ bus }: Service, log: Logger): Co<void> {
  using events = bus.subscribe("workers");
  yield* follow<WorkerEvent>(events, {
    onEvent: ({ event, at: _, ...rest }) => log.warn(event, { ...rest }),
    onLag: (missed) => log.warn("workers crash faster than anybody can tell", { missed }),
  });
}

/** So are jobs that have failed for good. */
function* tellDead({ bus }: Service, log: Logger): Co<void> {
  using alarms = bus.subscribe("alarms");
  yield* follow<Alarm>(alarms, {
    onEvent: (alarm) => {
      if (alarm.event !== "JobDead") return;
      const { id, type, error = "" } = alarm;
      log.warn("a job has failed for good", { job: id, type, error });
    },
    onLag: (missed) => log.warn("jobs fail faster than anybody can tell", { missed }),
  });
}
