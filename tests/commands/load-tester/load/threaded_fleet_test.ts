import { type HttpHandler, serve, TcpListener } from "wakeful/net";
import {
  blockOn,
  CancellationToken,
  type Co,
  type DriverName,
  scope,
  sleep,
} from "wakeful/runtime";
import { epollDriver } from "wakeful/runtime";
import type { Setup } from "../../../../commands/load-tester/load/setup.ts";
import { ThreadedFleet } from "../../../../commands/load-tester/load/threaded_fleet.ts";
import { assert, assertEquals } from "../../../support/assert.ts";
import { atRate, book, CLOSED, SETUP } from "../rig.ts";

if (Deno.build.os === "linux") await epollDriver().close(); // loads the C library once, so no test's leak

const quick: HttpHandler = function* ({ path }) {
  return { status: path === "/404" ? 404 : 200, body: "hello" };
};

/** Runs a test with clients on two threads, and a server on this one. */
function threads(
  name: string,
  body: (fleet: ThreadedFleet) => Co<void>,
  handler = quick,
  paths: readonly string[] = ["/"],
): void {
  for (const driver of ["deno", "epoll"] as const) {
    const ignore = driver === "epoll" && Deno.build.os !== "linux";
    Deno.test({
      name: `threaded fleet over ${driver}: ${name}`,
      ignore,
      // Closing a fleet waits for nobody: its threads end on their own.
      ...{ sanitizeOps: false, sanitizeResources: false },
      fn: () => blockOn(withFleet(driver, body, handler, paths)),
    });
  }
}

function* withFleet(
  driver: DriverName,
  body: (fleet: ThreadedFleet) => Co<void>,
  handler: HttpHandler,
  paths: readonly string[],
): Co<void> {
  using listener = yield* TcpListener.bind({ port: 0 });
  const urls = paths.map((path) => `http://127.0.0.1:${listener.localAddr.port}${path}`);
  const setup: Setup = { ...SETUP, urls };
  const stopping = new CancellationToken();
  yield* scope(function* (s) {
    s.spawn(serve(listener, handler, { stopping }));
    {
      using fleet = new ThreadedFleet(setup, 5, 2, driver);
      yield* body(fleet);
    }
    stopping.cancel("the test is over");
  });
}

const never = new CancellationToken();

threads("each request is sent by one of them, and connections are kept", function* (fleet) {
  const first = yield* fleet.run({ ...CLOSED, count: 41 }, never);
  assertEquals(book(first), { planned: 41, sent: 41, ok: 41 });
  assertEquals([first.meter.connections, first.meter.total().service.count], [5, 41]);
  const second = yield* fleet.run({ ...CLOSED, count: 10 }, never);
  assertEquals([book(second).ok, second.meter.connections], [10, 0]);
});

threads(
  "several URLs share the load as on one thread",
  function* (fleet) {
    const { meter } = yield* fleet.run({ ...CLOSED, count: 30 }, never);
    assertEquals(meter.tallies.map(({ ledger }) => [ledger.planned, ledger.ok, ledger.badStatus]), [
      ...[[15, 15, 0], [15, 0, 15]],
    ]);
  },
  quick,
  ["/", "/404"],
);

threads("a rate is that of both together", function* (fleet) {
  const run = yield* fleet.run({ ...atRate(200), duration: 300 }, never);
  const { planned, sent, notSent, ended, unfinished } = run.meter.total().ledger;
  assertEquals([planned, sent + notSent, ended + unfinished, run.elapsed], [60, 60, sent, 300]);
});

threads("they stop when they are told to, and say how far they are", function* (fleet) {
  const stop = new CancellationToken();
  yield* scope(function* (s) {
    s.spawn(function* () {
      while (fleet.progress().ended === 0) yield* sleep(1);
      stop.cancel("enough");
    });
    const run = yield* fleet.run({ ...CLOSED, count: 1_000_000 }, stop);
    const { planned, sent, ok } = run.meter.total().ledger;
    assert(planned === 1_000_000 && sent < planned && ok === sent, `${sent}`);
  });
}, function* () {
  yield* sleep(2);
  return {};
});
