import {
  Context,
  type JoinHandle,
  noopWaker,
  Pending,
  type Poll,
  Runtime,
  type RuntimeBuilder,
  sleep,
  type Spawnable,
} from "wakeful/runtime";
import { FakeDriver } from "./fake_driver.ts";
import { FakeLoop } from "./fake_loop.ts";
import { ManualClock } from "./manual_clock.ts";

/** A runtime whose time and rests are in the test's hands: nothing happens between two calls. */
export class VirtualRuntime {
  readonly clock = new ManualClock();
  readonly driver = new FakeDriver();
  readonly runtime: Runtime;
  /** What was reported as unjoined: task name and error. */
  readonly reported: [string, unknown][] = [];
  #unused = new FakeLoop();

  constructor(configure: (builder: RuntimeBuilder) => unknown = (builder) => builder.enableAll()) {
    const builder = Runtime.builder().driver(() => this.driver).clock(this.clock)
      .onUnjoinedError((task, error) => void this.reported.push([task, error]));
    configure(builder);
    this.runtime = builder.build();
  }

  spawn<T>(body: Spawnable<T>, name?: string): JoinHandle<T> {
    return this.runtime.spawn(body, { name });
  }

  /** Starts a task that sleeps once. */
  spawnSleep(milliseconds: number): JoinHandle<void> {
    return this.spawn(function* () {
      yield* sleep(milliseconds);
    });
  }

  /** Takes turns until the driver rests without having been woken. */
  settle(): void {
    while (this.driver.step());
  }

  /** Moves time forward, stopping at each deadline on the way. */
  advance(milliseconds: number): void {
    const end = this.clock.time + milliseconds;
    this.settle();
    while (this.driver.state === "parked" && this.driver.deadline <= end) {
      this.clock.time = Math.max(this.clock.time, this.driver.deadline);
      this.driver.resume();
      this.settle();
    }
    this.clock.time = end;
  }

  /** Runs `body` to its end, moving time as far as that needs. */
  run<T>(body: Spawnable<T>): T {
    const handle = this.spawn(body);
    this.#join(handle); // so that its error is not reported as unjoined
    this.settle();
    while (!handle.isFinished()) {
      if (this.driver.deadline === Infinity) throw new Error("nothing will ever wake the task");
      this.advance(this.driver.deadline - this.clock.time);
    }
    return this.outcome(handle);
  }

  /** The outcome of a task that has finished. */
  outcome<T>(handle: JoinHandle<T>): T {
    const polled = this.#join(handle);
    if (polled === Pending) throw new Error(`${handle.name} has not finished`);
    return polled;
  }

  #join<T>(handle: JoinHandle<T>): Poll<T> {
    return handle.poll(new Context(noopWaker(), this.#unused));
  }

  [Symbol.dispose](): void {
    this.runtime.shutdown();
  }
}
