import { Random, Runtime } from "wakeful/runtime";
import { SimClock, SimDriver } from "../../runtime/reactor/sim/driver.ts";
import { Kernel } from "../../runtime/reactor/sim/kernel.ts";
import { Machine } from "../../runtime/reactor/sim/machine.ts";
import { Network } from "../../runtime/reactor/sim/network.ts";
import { conformance } from "./conformance.ts";
import { overTcp } from "./over_tcp.ts";

/** A runtime that is alone on a simulated machine. */
function simulated(): Runtime {
  const kernel = new Kernel(new Random(1));
  const machine = new Machine("alone", kernel, new Network(kernel));
  const clock = new SimClock(kernel, 0);
  return Runtime.builder().driver(() => new SimDriver(machine, clock)).clock(clock).enableAll()
    .build();
}

conformance("TCP on sim", simulated, overTcp);
