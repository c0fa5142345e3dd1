/** A plain thread that is handed a ticket and asks for the sum of two numbers. */
/// <reference lib="deno.worker" />
import { portable, RemoteHandle } from "wakeful/runtime";
import { add } from "./portable_functions.ts";

self.onmessage = ({ data }: MessageEvent<ConstructorParameters<typeof RemoteHandle>[0]>) => {
  using remote = new RemoteHandle(data);
  const sum = portable(new URL("./portable_functions.ts", import.meta.url).href, add);
  self.postMessage(remote.call(sum, 20, 22));
};
