import { duplex, type DuplexStream, HttpConnection, serve, type ServeOptions } from "wakeful/net";
import {
  CancellationToken,
  type Co,
  type Future,
  IoError,
  mpsc,
  now,
  scope,
  sleep,
  spawn,
} from "wakeful/runtime";
import { assert, assertEquals, assertThrows } from "../../../support/assert.ts";
import { VirtualRuntime } from "../../../support/virtual_runtime.ts";

type Served = Parameters<typeof serve>[0];

/** A listener whose clients come from the test, and whose accepts can fail. */
class Door {
  /** When it was asked for a client. */
  asked: number[] = [];
  #queue = mpsc<DuplexStream | Error>(10);

  *connect(): Co<HttpConnection> {
    const [near, far] = duplex();
    yield* this.#queue[0].send(far);
    return HttpConnection.over(near);
  }

  *fail(): Co<void> {
    yield* this.#queue[0].send(new IoError("too-many-open-files", "accept: no descriptor"));
  }

  *accept(): Co<DuplexStream> {
    this.asked.push(now());
    const next = yield* this.#queue[1].recv();
    if (next instanceof Error) throw next;
    return next as DuplexStream;
  }

  asListener(): Served {
    return this as unknown as Served;
  }
}

/** Runs `body` beside a server that answers after 100 ms; its report when `body` is done. */
function beside<T>(body: (door: Door) => Co<T>, options: ServeOptions = {}): T {
  using virtual = new VirtualRuntime();
  return virtual.run(function* () {
    const door = new Door();
    const serving = spawn(serve(door.asListener(), function* (request) {
      yield* sleep(100);
      return { body: request.path };
    }, options));
    const value = yield* body(door);
    serving.abort();
    return value;
  });
}

function* get(connection: HttpConnection, target: string): Co<string> {
  return yield* (yield* connection.request({ target })).text();
}

Deno.test("serve: clients are served beside each other", () => {
  const seen = beside(function* (door) {
    const connections = [yield* door.connect(), yield* door.connect(), yield* door.connect()];
    return yield* scope(function* (s) {
      const gets = connections.map((connection, i) => s.spawn(() => get(connection, `/${i}`)));
      const texts: string[] = [];
      for (const one of gets) texts.push(yield* one);
      return [texts, now()];
    });
  });
  assertEquals(seen, [["/0", "/1", "/2"], 100]);
});

Deno.test("serve: over the limit, clients wait until one leaves", () => {
  const times = beside(function* (door) {
    const [first, second] = [yield* door.connect(), yield* door.connect()];
    const waiting = spawn(() => get(second, "/second"));
    yield* get(first, "/first");
    yield* sleep(50);
    first.close();
    yield* waiting;
    return now();
  }, { maxConnections: 1 });
  assertEquals(times, 250);
});

Deno.test("serve: a failed accept is tried again, after a while that grows", () => {
  const asked = beside(function* (door) {
    for (let i = 0; i < 3; i++) yield* door.fail();
    yield* get(yield* door.connect(), "/");
    yield* door.fail();
    yield* sleep(50);
    return door.asked;
  }, { maxConnections: 2 });
  assertEquals(asked, [0, 10, 30, 70, 70, 180]);
});

Deno.test("serve: stopping ends it once all requests in flight are answered", () => {
  using virtual = new VirtualRuntime();
  const ended = virtual.run(function* () {
    const door = new Door();
    const stopping = new CancellationToken();
    const serving = spawn(serve(door.asListener(), function* () {
      yield* sleep(100);
      return { body: "done" };
    }, { stopping }));
    const [busy, idle] = [yield* door.connect(), yield* door.connect()];
    const answer = spawn(() => get(busy, "/"));
    yield* sleep(10);
    stopping.cancel("enough");
    assertEquals(yield* answer, "done");
    yield* serving;
    assert(!busy.reusable);
    idle.close();
    return now();
  });
  assertEquals(ended, 100);
});

Deno.test("serve: dropped, it ends its handlers and closes its connections", () => {
  using virtual = new VirtualRuntime();
  const ended: string[] = [];
  virtual.run(function* () {
    const door = new Door();
    const serving = spawn(serve(door.asListener(), function* () {
      try {
        yield* sleep(1_000);
      } finally {
        ended.push("handler");
      }
      return {};
    }));
    const connection = yield* door.connect();
    const answer = spawn(() => get(connection, "/"));
    yield* sleep(10);
    serving.abort();
    try {
      yield* answer;
    } catch (error) {
      ended.push((error as { kind: string }).kind);
    }
  });
  assertEquals(ended, ["handler", "early-close"]);
});

Deno.test("serve: an option that is none is a RangeError", () => {
  for (const options of [{ maxConnections: 0 }, { idleTimeout: NaN }, { bodyTimeout: -1 }]) {
    assertThrows(() => serve(new Door().asListener(), noAnswer, options).next(), RangeError);
  }
});

function noAnswer(): Future<never> {
  throw new Error("not reached");
}
