import fc from "../../support/fast_check.ts";
import { End, fanOut, sleep } from "wakeful/runtime";
import { assert, assertEquals } from "../../support/assert.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

interface Job {
  readonly milliseconds: number;
  readonly fails: boolean;
}

const job: fc.Arbitrary<Job> = fc.record({ milliseconds: fc.nat(20), fails: fc.boolean() });
const jobs = fc.array(job, { maxLength: 20 });
const order = fc.constantFrom("finished" as const, "input" as const);
/** What the taker does between two results: it waits, or gives up a wait first. */
const pauses = fc.array(fc.record({ milliseconds: fc.nat(15), dropsAWait: fc.boolean() }), {
  maxLength: 10,
});

Deno.test("fanOut: every input has one outcome, in order, and the limit holds", () => {
  fc.assert(
    fc.property(
      jobs,
      fc.integer({ min: 1, max: 5 }),
      order,
      pauses,
      (jobs, limit, order, pauses) => {
        using virtual = new VirtualRuntime();
        const finished: number[] = [];
        const taken: number[] = [];
        let [running, begun] = [0, 0];
        function* work({ milliseconds, fails }: Job, index: number) {
          begun++;
          running++;
          assert(running <= limit && begun - taken.length <= limit, "above the limit");
          yield* sleep(milliseconds);
          running--;
          finished.push(index);
          if (fails) throw new RangeError(`${index}`);
          return index;
        }
        virtual.run(function* () {
          using fan = fanOut(jobs, work, { limit, order });
          for (let n = 0;; n++) {
            const pause = pauses[n];
            if (pause?.dropsAWait) {
              const wait = fan.nextOutcome();
              // One that is there already is taken by this poll: then it is the next one.
              const step = wait.next();
              wait.return(End);
              if (step.done && step.value !== End) taken.push(step.value.index);
            }
            if (pause !== undefined) yield* sleep(pause.milliseconds);
            const outcome = yield* fan.nextOutcome();
            if (outcome === End) break;
            const { input, index, how } = outcome;
            assert(input === jobs[index] && (how === "error") === input.fails);
            taken.push(index);
          }
        });
        assertEquals(taken, order === "input" ? jobs.map((_, index) => index) : finished);
        assertEquals(finished.length, jobs.length);
        assertEquals(virtual.runtime.statistics(), { tasks: 0, timers: 0, registrations: 0 });
        assertEquals(virtual.reported, []);
      },
    ),
    { numRuns: 300 },
  );
});
