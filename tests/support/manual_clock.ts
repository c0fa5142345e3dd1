import type { Clock } from "wakeful/runtime";

/** A clock that shows what it was set to. */
export class ManualClock implements Clock {
  constructor(public time = 0) {}

  now(): number {
    return this.time;
  }

  wall(): number {
    return this.time;
  }
}
