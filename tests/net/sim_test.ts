import { UnixListener, UnixStream } from "wakeful/net";
import { type Address, Random, Runtime } from "wakeful/runtime";
import { SimClock, SimDriver } from "../../runtime/reactor/sim/driver.ts";
import { Kernel } from "../../runtime/reactor/sim/kernel.ts";
import { Machine } from "../../runtime/reactor/sim/machine.ts";
import { Network } from "../../runtime/reactor/sim/network.ts";
import { conformance } from "./conformance.ts";
import { datagramConformance } from "./datagram_conformance.ts";
import type { Family } from "./family.ts";
import { overTcp } from "./over_tcp.ts";

/** A runtime that is alone on a simulated machine. */
function simulated(): Runtime {
  const kernel = new Kernel(new Random(1));
  const machine = new Machine("alone", kernel, new Network(kernel));
  const clock = new SimClock(kernel, 0);
  return Runtime.builder().driver(() => new SimDriver(machine, clock)).clock(clock).enableAll()
    .build();
}

/** Unix sockets by number: a simulated machine has no directories. */
function overUnix(): Family {
  let last = 0;
  const pathOf = (address: Address) => address.transport === "unix" ? address.path : "";
  return {
    *bind(at) {
      return yield* UnixListener.bind(at ? pathOf(at) : `/run/${++last}.sock`);
    },
    connect: (to) => UnixStream.connect(pathOf(to)),
    [Symbol.dispose]() {},
  };
}

conformance("TCP on sim", simulated, overTcp);
conformance("Unix on sim", simulated, overUnix);
datagramConformance("UDP on sim", simulated);
