/**
 * What tests of programs on wakeful need: a runtime whose clock stands, and futures polled by hand.
 *
 * @module
 */

export { ByHand, byHand, pollOnce } from "./testing/by_hand.ts";
export { ManualLoop } from "./testing/manual_loop.ts";
export type { ChaosOptions, Fault, FaultKind } from "./testing/sim/chaos.ts";
export { SimDisk } from "./testing/sim/disk.ts";
export { type Circumstances, SimulationFailed } from "./testing/sim/failure.ts";
export { Host, type HostOptions } from "./testing/sim/host.ts";
export { simulate, type Simulated, type SimulationOptions } from "./testing/sim/simulate.ts";
export { World } from "./testing/sim/world.ts";
export type { LinkOptions } from "./reactor/sim/link.ts";
export { Leaked, runTest, type TestOptions } from "./testing/run_test.ts";
