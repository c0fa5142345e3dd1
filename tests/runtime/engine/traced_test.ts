import { spawn } from "wakeful/runtime";
import { tracedHooks } from "../../../runtime/engine/traced.ts";
import { assertEquals } from "../../support/assert.ts";
import { failing } from "../../support/bodies.ts";
import { Gate } from "../../support/gate.ts";
import { Recorder } from "../../support/recorder.ts";
import { Traced } from "../../support/traced.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

/** A runtime that tells a tracer, on one clock. */
function tracedRuntime(filter: string) {
  const traced = new Traced(filter);
  const virtual = new VirtualRuntime((builder) =>
    builder.enableAll().clock(traced.clock).tracer(traced.tracer, { slowPoll: 10 })
  );
  const told = () =>
    traced.recording.events.splice(0).map(({ level, module, message, fields }) => {
      const shown = Object.entries(fields).filter(([name]) => name !== "stack")
        .map(([name, value]) => ` ${name}=${value}`);
      return `${level} ${module}: ${message}${shown.join("")}`;
    });
  return { traced, virtual, told };
}

Deno.test("traced runtime: tells at trace how each task begins and ends", () => {
  const { virtual, told } = tracedRuntime("runtime=trace");
  const [gate, open] = [virtual.spawn(new Gate(), "gate"), new Gate()];
  virtual.spawn(open, "open");
  virtual.settle();
  open.open();
  virtual.settle();
  gate.abort();
  assertEquals(told(), [
    "trace runtime: task spawned task=gate",
    "trace runtime: task spawned task=open",
    "trace runtime: task ended task=open outcome=value",
    "trace runtime: task ended task=gate outcome=aborted",
  ]);
});

Deno.test("traced runtime: tells at debug of its end and of errors that nobody has asked for", () => {
  const { virtual, told } = tracedRuntime("runtime=debug");
  virtual.spawn(failing, "leak");
  virtual.settle();
  assertEquals(told(), [
    "debug runtime: nobody asked for an error task=leak error=RangeError: own",
  ]);
  assertEquals(virtual.reported.map(([task]) => task), ["leak"]);
  virtual.spawn(new Gate());
  virtual.runtime.shutdown();
  virtual.runtime.shutdown();
  assertEquals(told(), ["debug runtime: shutting down tasks=1"]);
});

Deno.test("traced runtime: warns of polls that held the thread longer than was allowed", () => {
  const { virtual, traced, told } = tracedRuntime("info");
  for (const ms of [10, 11]) {
    virtual.spawn(function* () {
      traced.clock.time += ms;
    }, `busy-${ms}`);
    virtual.settle();
  }
  assertEquals(told(), ["warn runtime: a poll held the thread task=busy-11 ms=11"]);
  for (const name of ["a", "b"]) {
    virtual.spawn(function* () {
      traced.clock.time += 6;
    }, name);
  }
  virtual.settle();
  assertEquals(told(), ["warn runtime: a poll held the thread task=one of a, b ms=12"]);
});

Deno.test("traced runtime: a task that is spawned inside a span says so", () => {
  const { virtual, traced } = tracedRuntime("runtime=trace");
  virtual.run(() =>
    traced.log.span("request", { request: 7 }).scope(function* () {
      yield* spawn(function* () {});
    })
  );
  const spawned = traced.recording.events.filter(({ message }) => message === "task spawned");
  assertEquals(spawned.map(({ fields }) => fields.request), [undefined, 7]);
});

Deno.test("traced runtime: own hooks are called as without a tracer", () => {
  const [traced, log] = [new Traced("trace"), new Recorder()];
  using virtual = new VirtualRuntime((builder) =>
    builder.tracer(traced.tracer)
      .onTaskStart(({ name }) => log.note(`+${name}`))
      .onTaskEnd(({ name }, outcome) => log.note(`-${name} ${outcome}`))
  );
  virtual.spawn(function* () {}, "a");
  virtual.settle();
  assertEquals([log.line, traced.messages], ["+a -a value", ["task spawned", "task ended"]]);
});

Deno.test("tracedHooks: there is no hook for what nobody wants to hear", () => {
  const hooksAt = (filter: string) => Object.keys(tracedHooks(new Traced(filter).log, 1)).sort();
  assertEquals(hooksAt("error"), []);
  assertEquals(hooksAt("info"), ["slowPoll"]);
  assertEquals(hooksAt("error,shop=debug"), ["onOrphan", "onShutdown", "slowPoll"]);
  assertEquals(hooksAt("trace").length, 5);
});
