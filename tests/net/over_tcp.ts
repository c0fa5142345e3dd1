import { TcpListener, TcpStream } from "wakeful/net";
import type { Address } from "wakeful/runtime";
import type { Family } from "./family.ts";

function portOf(address: Address | undefined): number {
  return address?.transport === "tcp" ? address.port : 0;
}

/** TCP on this machine; a free port is a place of its own. */
export function overTcp(): Family {
  return {
    *bind(at) {
      return yield* TcpListener.bind({ port: portOf(at) });
    },
    connect: (to) => TcpStream.connect({ port: portOf(to) }),
    [Symbol.dispose]() {},
  };
}
