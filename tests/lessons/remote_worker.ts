/** What runs on the plain thread of lesson 25: it has no runtime, only a ticket to one. */
/// <reference lib="deno.worker" />

import { type PoolTicket, RemoteHandle } from "wakeful/runtime";
import { square } from "./elsewhere.ts";

self.onmessage = ({ data }: MessageEvent<PoolTicket>) => {
  using remote = new RemoteHandle(data);
  self.postMessage(remote.call(square, 12));
};
