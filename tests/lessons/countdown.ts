import { type Context, Future, Pending, type Poll } from "wakeful/runtime";

/** The answer to lesson 01.1: pending `left` times, and each time it asks to be polled again. */
export class Countdown extends Future<string> {
  left: number;

  constructor(left: number) {
    super();
    this.left = left;
  }

  poll(cx: Context): Poll<string> {
    if (this.left === 0) return "liftoff";
    this.left--;
    cx.waker.wakeByRef();
    return Pending;
  }
}
