import { currentLoop } from "../core/context.ts";
import type { Co, Future } from "../core/future.ts";
import { shielded } from "../cancel/shielded.ts";
import { unbounded } from "../sync/channel/mpsc.ts";
import type { Receiver } from "../sync/channel/mpsc_receiver.ts";
import type { Sender } from "../sync/channel/mpsc_sender.ts";
import { Coroutine } from "../task/coroutine.ts";
import type { JoinHandle } from "../task/join_handle.ts";
import { spawn } from "../task/spawn.ts";
import type { Ended } from "../task/task.ts";
import { now } from "../time/now.ts";
import { sleep } from "../time/sleep.ts";
import { RestartHistory, RestartLimit } from "./restart_history.ts";
import type {
  ChildSpec,
  RestartKind,
  SupervisorEvent,
  SupervisorOptions,
} from "./supervisor_options.ts";

const DEFAULT_MAX_RESTARTS = 5;
const DEFAULT_WITHIN_MS = 60_000;
const DEFAULT_STOP_LIMIT_MS = 5_000;

/** A child and its life at this moment. */
interface Child {
  readonly name: string;
  readonly kind: RestartKind;
  readonly start: () => Co<unknown> | Future<unknown>;
  /** Undefined when it does not run, and nothing is to be done about that. */
  task?: JoinHandle<unknown>;
  /** How the latest task ended. */
  ended?: Ended<unknown>;
}

class Supervision {
  #children: Child[];
  #options: SupervisorOptions;
  #history: RestartHistory;
  #ended: Sender<Child>;
  #inbox: Receiver<Child>;

  constructor(specs: readonly ChildSpec[], options: SupervisorOptions) {
    assertNamesDiffer(specs);
    const { maxRestarts = DEFAULT_MAX_RESTARTS, within = DEFAULT_WITHIN_MS } = options;
    this.#children = specs.map((spec) => ({
      name: spec.name,
      kind: spec.restart ?? "permanent",
      start: () => spec.start(),
    }));
    this.#options = options;
    this.#history = new RestartHistory(maxRestarts, within);
    [this.#ended, this.#inbox] = unbounded();
  }

  *run(): Co<void> {
    try {
      for (const child of this.#children) {
        this.#start(child);
        this.#tell({ what: "started", child: child.name });
      }
      while (this.#children.some(isUp)) {
        const child = yield* this.#inbox.recv();
        yield* this.#react(child as Child); // the sender is never closed
      }
    } finally {
      if (this.#children.some(isUp)) {
        const { stopLimit = DEFAULT_STOP_LIMIT_MS } = this.#options;
        yield* shielded(stopLimit, () => this.#stopAll());
      }
    }
  }

  #start(child: Child, delay = 0): void {
    const onEnd = (ended: Ended<unknown>) => {
      child.ended = ended;
      this.#ended.trySend(child);
    };
    const body = delay > 0 ? () => later(delay, child.start) : child.start;
    child.ended = undefined;
    child.task = spawn(body, { name: child.name, onEnd });
  }

  /** A child has ended, unless that was dealt with already when another one did. */
  *#react(child: Child): Co<void> {
    if (child.task === undefined || child.ended === undefined) return;
    const { ended } = child;
    this.#bury(child);
    if (!isToRestart(child)) return;
    const at = now();
    if (!this.#history.admit({ child: child.name, at, ended })) this.#giveUp();
    const group = this.#groupOf(child);
    yield* this.#stop(group);
    const delay = this.#options.backOff?.(this.#history.recent.length) ?? 0;
    for (const member of group.filter(isToRestart)) {
      this.#start(member, delay);
      this.#tell({ what: "restarted", child: member.name, because: child.name, delay });
    }
  }

  /** Those that go down with `child`, itself included. */
  #groupOf(child: Child): Child[] {
    const { strategy = "one-for-one" } = this.#options;
    if (strategy === "one-for-one") return [child];
    const first = strategy === "one-for-all" ? 0 : this.#children.indexOf(child);
    return this.#children.slice(first);
  }

  /** Ends them, the last one first; each has ended, cleanup included, before the next has to. */
  *#stop(children: readonly Child[]): Co<void> {
    for (const child of children.filter(isUp).reverse()) {
      child.task!.abort("its supervisor stopped it");
      yield* endOf(child.task!);
      this.#bury(child);
    }
  }

  /** As long as there is time, one after the other; then at once. */
  *#stopAll(): Co<void> {
    try {
      yield* this.#stop(this.#children);
    } finally {
      for (const { task } of this.#children) task?.abort("its supervisor could not wait for it");
    }
  }

  /** It has ended, and that is told. */
  #bury(child: Child): void {
    child.task = undefined;
    const { ended, name } = child;
    if (ended?.how === "error") this.#tell({ what: "failed", child: name, error: ended.error });
    else this.#tell({ what: ended?.how === "value" ? "finished" : "stopped", child: name });
  }

  #giveUp(): never {
    const error = new RestartLimit(this.#history.recent, this.#history.within);
    this.#tell({ what: "gave up", error });
    throw error;
  }

  #tell(event: SupervisorEvent): void {
    if (this.#options.onEvent !== undefined) this.#options.onEvent(event);
    else if (event.what === "failed") {
      currentLoop().orphan({ name: event.child, error: event.error, claimed: false });
    }
  }
}

function isUp(child: Child): boolean {
  return child.task !== undefined;
}

function isToRestart({ kind, ended }: Child): boolean {
  return kind === "permanent" || (kind === "transient" && ended?.how !== "value");
}

function* later(delay: number, start: Child["start"]): Co<unknown> {
  yield* sleep(delay);
  return yield* start() as Future<unknown>;
}

function* endOf(task: JoinHandle<unknown>): Co<void> {
  try {
    yield* task;
  } catch {
    // How it ended is written down where it is told.
  }
}

function assertNamesDiffer(specs: readonly ChildSpec[]): void {
  const names = new Set<string>();
  for (const { name } of specs) {
    if (names.has(name)) {
      throw new TypeError(`Expected each child to have its own name, got "${name}" twice`);
    }
    names.add(name);
  }
}

/**
 * Keeps children running: starts them in order, and starts those that crash again, with others as
 * the strategy says. Ends when no child is left that runs.
 *
 * When there are more restarts than are allowed within the time, something is wrong that a restart
 * does not cure: it stops the children that are left, and throws. As it is a future itself, it can
 * be a child of another supervisor, which then restarts all of it.
 *
 * Those that are restarted together are first stopped in reverse order, each waited for with what
 * is shielded in it. A child that had come to its end by then stays ended; a temporary one that
 * was stopped with others is not started again. A back-off holds up nobody else.
 *
 * The strategies, kinds of children and the intensity of restarts are those of Erlang/OTP's
 * `supervisor`.
 *
 * Cancel safety: dropping it stops all children in reverse order, each waited for, within the
 * stop limit; whoever joins the task around it waits for that.
 *
 * @throws {RestartLimit} when it gives up
 * @throws {TypeError} when two children share a name
 * @throws {RangeError} when the restarts are not a whole number from 0 up, or their time not above 0
 * @throws {MissingDriver} when something is restarted and the runtime was built without time
 *
 * @example A job that succeeds at the third attempt
 * ```ts
 * import { blockOn, supervise } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const seen: string[] = [];
 * let attempts = 0;
 * await blockOn(() =>
 *   supervise([{
 *     name: "job",
 *     restart: "transient",
 *     *start() {
 *       if (++attempts < 3) throw new Error("not yet");
 *     },
 *   }], { onEvent: ({ what }) => void seen.push(what) })
 * );
 * assertEquals(seen, ["started", "failed", "restarted", "failed", "restarted", "finished"]);
 * ```
 */
export function supervise(
  children: readonly ChildSpec[],
  options: SupervisorOptions = {},
): Future<void> {
  const supervision = new Supervision(children, options);
  return new Coroutine(supervision.run());
}
