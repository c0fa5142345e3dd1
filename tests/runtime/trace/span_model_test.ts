import fc from "../../support/fast_check.ts";
import { type Co, Logger, Tracer } from "wakeful/runtime";
import { assertEquals } from "../../support/assert.ts";
import { Gate } from "../../support/gate.ts";
import { Traced } from "../../support/traced.ts";
import { NotingLayer } from "../../support/traced.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

const TASKS = 4;

/** Says its number each time it is woken, until the gate opens. */
function* speaker(log: Logger, rounds: Gate[]): Co<void> {
  for (const round of rounds) {
    log.info("said");
    yield* round;
  }
}

Deno.test("Span: whatever is opened and aborted, fields stay apart and each span closes once", () => {
  const step = fc.record({
    task: fc.nat(TASKS - 1),
    act: fc.constantFrom("open", "abort", "nudge"),
  });
  fc.assert(fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
    using virtual = new VirtualRuntime();
    const noting = new NotingLayer();
    const traced = new Traced("trace", virtual.clock, [noting]);
    const tasks = Array.from({ length: TASKS }, (_, task) => {
      const gates = [new Gate(), new Gate(), new Gate()];
      const span = traced.log.span(`${task}`, { task });
      const inner = () => traced.log.span(`inner-${task}`, { inner: task });
      const body = span.scope(() => inner().scope(speaker(traced.log, gates)));
      return { gates, next: 0, handle: virtual.spawn(body) };
    });
    for (const { task, act } of steps) {
      const { gates, handle } = tasks[task];
      if (act === "abort") handle.abort();
      else if (act === "nudge") gates[tasks[task].next]?.nudge();
      else gates[tasks[task].next++]?.open();
      virtual.settle();
      assertEquals(traced.tracer.spans(), []);
    }
    for (const { handle } of tasks) handle.abort();
    const names = traced.recording.spans.map(({ name }) => name);
    assertEquals(traced.recording.closed.map(({ name }) => name).sort(), names.sort());
    assertEquals(traced.fields.filter(({ task, inner }) => task !== inner), []);
    const calls = (what: string) => noting.log.seen.filter((call) => call.startsWith(what)).length;
    assertEquals([calls("enter:"), calls("close:")], [calls("exit:"), calls("new:")]);
  }));
});

Deno.test("Span: the same program under the same clock tells the same, word for word", () => {
  const told = () => {
    using virtual = new VirtualRuntime();
    const noting = new NotingLayer();
    const tracer = new Tracer({ clock: virtual.clock, layers: [noting] });
    const log = new Logger("shop", tracer);
    for (let n = 0; n < TASKS; n++) {
      virtual.spawn(() => log.span(`${n}`).scope(() => speaker(log, [new Gate(), new Gate()])));
    }
    virtual.settle();
    return noting.log.line;
  };
  assertEquals(told(), told());
});
