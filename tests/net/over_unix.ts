import { UnixListener, UnixStream } from "wakeful/net";
import type { Address } from "wakeful/runtime";
import { tempDir } from "../support/temp_dir.ts";
import type { Family } from "./family.ts";

export function pathOf(address: Address): string {
  return address.transport === "unix" ? address.path : "";
}

/** Unix sockets in a directory of their own. */
export function overUnix(): Family {
  const dir = tempDir();
  let last = 0;
  return {
    *bind(at) {
      return yield* UnixListener.bind(at ? pathOf(at) : dir.path(`${++last}.sock`));
    },
    connect: (to) => UnixStream.connect(pathOf(to)),
    [Symbol.dispose]: () => dir[Symbol.dispose](),
  };
}
