import {
  CancellationToken,
  type Co,
  EventBus,
  type JoinHandle,
  now,
  sleep,
  spawn,
  yieldNow,
} from "wakeful/runtime";
import type { BodyWriter } from "wakeful/net";
import { runTest } from "wakeful/testing";
import { assertEquals, assertThrows } from "../../../support/assert.ts";
import type { JobEvent } from "../../../../commands/job-queue/model/command.ts";
import type { Topics } from "../../../../commands/job-queue/engine/service.ts";
import { streamEvents } from "../../../../commands/job-queue/api/event_route.ts";
import { Refusal } from "../../../../commands/job-queue/api/refusal.ts";
import { withService } from "../service_rig.ts";
import type { Call } from "../../../../commands/job-queue/api/route.ts";

const CAPACITY = 512;

/** Somebody who listens to a bus, and what has come by when. */
class Listener {
  readonly bus = new EventBus<Topics>({ capacity: CAPACITY });
  readonly stopping = new CancellationToken();
  readonly texts: [at: number, text: string][] = [];
  task!: JoinHandle<void>;

  *listen(search: string): Co<void> {
    const { bus, stopping } = this;
    const query = new URLSearchParams(search);
    const call = { service: { bus }, request: { stopping }, query } as unknown as Call;
    const { body, fields } = yield* streamEvents(call);
    assertEquals(fields, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
    const { texts } = this;
    const out = {
      *write(text: string): Co<void> {
        texts.push([now(), text]);
      },
    };
    this.task = spawn(() => (body as (out: BodyWriter) => Co<void>)(out as unknown as BodyWriter));
    yield* yieldNow();
    assertEquals(this.texts.shift()?.[1], ": events follow\n\n");
  }

  publish(...ids: number[]): void {
    for (const id of ids) this.bus.publish("feed", eventOf(id));
  }

  /** The numbers of the jobs in what has come, a list for each time that something came. */
  get ids(): number[][] {
    return this.texts.map(([, text]) => [...text.matchAll(/"id":(\d+)/g)].map(([, id]) => +id));
  }
}

function eventOf(id: number): JobEvent {
  return { event: "JobStarted", at: 0, id, type: "t", queue: "q", attempt: 1 };
}

function listening(search: string, body: (listener: Listener) => Co<void>): Promise<void> {
  return runTest(function* () {
    const listener = new Listener();
    yield* listener.listen(search);
    yield* body(listener);
    listener.task.abort();
    assertEquals(listener.bus.subscribers("feed"), 0);
  });
}

Deno.test("event route: what happens together comes together, as events with their names", () =>
  listening("", function* (listener) {
    listener.publish(1, 2);
    yield* sleep(5);
    const [one, two] = [1, 2].map((id) => JSON.stringify(eventOf(id)));
    const text = `event: JobStarted\ndata: ${one}\n\nevent: JobStarted\ndata: ${two}\n\n`;
    assertEquals(listener.texts, [[0, text]]);
  }));

Deno.test("event route: whoever asks for one job is told of that, and of what was missed", () =>
  listening("job=2", function* (listener) {
    listener.publish(1, 2, 3);
    yield* sleep(5);
    listener.publish(1);
    yield* sleep(5);
    assertEquals(listener.ids, [[2]]);
    for (let i = 0; i < CAPACITY + 3; i++) listener.publish(1);
    yield* sleep(5);
    assertEquals(listener.texts[1][1], 'event: Lagged\ndata: {"event":"Lagged","missed":3}\n\n');
  }));

Deno.test("event route: a job that none can be is refused", () => {
  for (const id of ["x", "0", "1.5"]) {
    const call = { query: new URLSearchParams(`job=${id}`) } as Call;
    assertThrows(() => streamEvents(call).next(), Refusal, "job: expected a whole number");
  }
});

Deno.test("event route: when nothing happens that is said every fifteen seconds", () =>
  listening("", function* (listener) {
    yield* sleep(10_000);
    listener.publish(1);
    yield* sleep(35_000);
    const quiet = ": nothing happens\n\n";
    assertEquals(listener.texts.slice(1), [[25_000, quiet], [40_000, quiet]]);
  }));

Deno.test("event route: where much happens, lots go out with a rest between them", () =>
  listening("", function* (listener) {
    listener.publish(...Array.from({ length: 400 }, (_, i) => i));
    yield* sleep(99);
    assertEquals(listener.ids.map(({ length }) => length), [257]);
    yield* sleep(1);
    assertEquals(listener.ids.map(({ length }) => length), [257, 143]);
  }));

Deno.test("event route: ends when the server stops, and when the bus does", async () => {
  for (const end of [(l: Listener) => l.stopping.cancel("stop"), (l: Listener) => l.bus.close()]) {
    await runTest(function* () {
      const listener = new Listener();
      yield* listener.listen("");
      end(listener);
      yield* listener.task;
      assertEquals([listener.texts, now()], [[], 0]);
    });
  }
});

Deno.test("event route: whoever asks for the head alone listens to nothing", () =>
  withService({}, function* (rig) {
    assertEquals((yield* rig.ask("HEAD", "/events")).status, 200);
    assertEquals(rig.service.bus.subscribers("feed"), 0);
  }));
