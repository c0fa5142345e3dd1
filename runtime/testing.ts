/**
 * What tests of programs on wakeful need: a runtime whose clock stands, and futures polled by hand.
 *
 * @module
 */

export { ByHand, byHand, pollOnce } from "./testing/by_hand.ts";
export { ManualLoop } from "./testing/manual_loop.ts";
export { Leaked, runTest, type TestOptions } from "./testing/run_test.ts";
