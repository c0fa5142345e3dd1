import { byRef, PolledAfterReady, ready, select, sleep } from "wakeful/runtime";
import { assertEquals, assertThrows } from "../../support/assert.ts";
import { Gate } from "../../support/gate.ts";
import { handPoll } from "../../support/hand_poll.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

Deno.test("byRef: dropping the wait leaves the future as it is, to be waited for again", () => {
  const gate = new Gate<number>();
  const first = handPoll(byRef(gate));
  first.assertPending();
  first.drop();
  assertEquals(gate.dropped, 0);
  gate.open(7);
  handPoll(byRef(gate)).assertReady(7);
});

Deno.test("byRef: a future that has given its value does not give it to the next wait", () => {
  const future = ready(1);
  handPoll(byRef(future)).assertReady(1);
  assertThrows(() => handPoll(byRef(future)).poll(), PolledAfterReady);
});

Deno.test("byRef: one deadline holds over many rounds, and nothing is left", () => {
  using virtual = new VirtualRuntime();
  const rounds = virtual.run(function* () {
    using deadline = sleep(35);
    for (let rounds = 0;; rounds++) {
      const { key } = yield* select({ deadline: byRef(deadline), tick: sleep(10) });
      if (key === "deadline") return rounds;
    }
  });
  assertEquals([rounds, virtual.clock.time, virtual.runtime.statistics().timers], [3, 35, 0]);
});
