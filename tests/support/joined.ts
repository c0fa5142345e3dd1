import { JoinHandle } from "wakeful/runtime";
import type { Task } from "../../runtime/task/task.ts";
import { HandPoll } from "./hand_poll.ts";

/** A handle to `task`, to be polled by hand. */
export function joined<T>(task: Task<T>): HandPoll<T> {
  return new HandPoll(new JoinHandle(task));
}
