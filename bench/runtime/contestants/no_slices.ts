/** Ours without fairness to the platform: the loop runs until nothing is ready. */
import { Random } from "../../../runtime/collections/random.ts";
import { Ring } from "../../../runtime/collections/ring.ts";
import { EventLoop } from "../../../runtime/engine/event_loop.ts";
import { Executor } from "../../../runtime/engine/executor.ts";
import { TimerQueue } from "../../../runtime/time/timer_queue.ts";
import { denoDriver, Reactor, realClock, type Runnable, Runtime } from "wakeful/runtime";
import { pick, workloadsOn } from "../wakeful_workloads.ts";

class Unsliced extends Executor {
  #queue = new Ring<Runnable>();

  override get queued(): number {
    return this.#queue.length;
  }

  override schedule(task: Runnable): void {
    this.#queue.push(task);
  }

  override runSlice(): void {
    for (let task = this.#queue.shift(); task !== undefined; task = this.#queue.shift()) task.run();
  }
}

function unslicedRuntime(): Runtime {
  const executor = new Unsliced(realClock);
  const reactor = new Reactor(denoDriver());
  const timers = new TimerQueue(realClock);
  const parts = { executor, reactor, timers, random: new Random(1), io: undefined };
  const loop = new EventLoop({ ...parts, reportOrphan: console.error });
  return new Runtime("unsliced", { executor, reactor, timers, loop });
}

export const workloads = pick(workloadsOn(unslicedRuntime()), ["yield", "spawn", "spawn-await"]);
