/** Crews of real threads, and clients that are handed to them. */

import {
  type Co,
  type DriverName,
  DRIVERS,
  epollDriver,
  Runtime,
  sleep,
  Thread,
} from "wakeful/runtime";
import { TcpListener, TcpStream } from "wakeful/net";
import { RuntimeFailure } from "../../../commands/cli/errors.ts";
import { Crew } from "../../../commands/serving/crew.ts";
import { HandingOver } from "../../../commands/serving/hand_over.ts";
import {
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertRejects,
} from "../../support/assert.ts";
import { textOf } from "../../support/bytes.ts";
import { deserter, parrot, type TestOrder, type TestReport } from "../../support/crew_functions.ts";
import { recordingLogger } from "../echo-server/served.ts";

const ON_LINUX = { ignore: Deno.build.os !== "linux" };
if (!ON_LINUX.ignore) await epollDriver().close(); // loads the C library once, so no test's leak

/** A crew of parrots. */
function parrots(threads: number, driver: DriverName, firstSeat = 0) {
  const { log, events } = recordingLogger();
  const said: string[] = [];
  const handing = new HandingOver();
  const crew = new Crew<TestOrder, TestReport, number>({
    threads,
    log,
    start: (seat) => Thread.start(parrot, [firstSeat + seat, handing.memory], { driver }),
    receive(_, { word }) {
      said.push(word);
      return undefined;
    },
    lost: (seat) => handing.closeAll(seat),
  });
  const logged = () => events.map(({ message }) => message);
  const until = function* (done: () => boolean): Co<void> {
    while (!done()) yield* sleep(1);
  };
  return { crew, said, logged, handing, until };
}

async function on(driver: DriverName, body: () => Co<void>): Promise<void> {
  await using runtime = Runtime.builder().driver(DRIVERS[driver]).enableAll().build();
  await runtime.blockOn(body);
}

Deno.test("Crew: orders reach their seats in order, reports come back, and the end is answered", () =>
  on("deno", function* () {
    const { crew, said, logged } = parrots(2, "deno");
    yield* crew.begin();
    for (const word of ["one", "two"]) crew.post(0, { kind: "say", word });
    crew.post(1, { kind: "say", word: "three" });
    assertEquals(yield* crew.end(), [2, 1]);
    assertEquals(said.toSorted(), ["0: one", "0: two", "1: three"]);
    assertEquals(logged(), []);
  }));

Deno.test("Crew: a thread that dies is reported in one line and replaced", () =>
  on("deno", function* () {
    const { crew, said, logged, until } = parrots(2, "deno");
    yield* crew.begin();
    crew.post(1, { kind: "die", word: "hit by a bug" });
    yield* until(() => logged().length > 0);
    assertEquals(logged(), [
      "thread 1 died: hit by a bug; its clients are disconnected, and another takes its place",
    ]);
    crew.post(1, { kind: "say", word: "here again" });
    yield* until(() => said.length > 0);
    assertEquals(said, ["1: here again"]);
    assertEquals(yield* crew.end(), [0, 1]);
    assertEquals(logged().length, 1);
  }));

Deno.test("Crew: a thread that cannot begin ends the whole", async () => {
  const error = await assertRejects(() =>
    on("deno", function* () {
      const { crew } = parrots(2, "deno", -1);
      yield* crew.begin();
    })
  );
  assertInstanceOf(error, RuntimeFailure);
  assertEquals(error.message, "cannot start thread 0: no such seat");
});

Deno.test("Crew: threads that die one after the other end the whole", async () => {
  const { log, events } = recordingLogger();
  const error = await assertRejects(() =>
    on("deno", function* () {
      const crew = new Crew<TestOrder, TestReport, number>({
        threads: 1,
        log,
        start: () => Thread.start(deserter, []),
        receive: () => undefined,
        lost() {},
      });
      yield* crew.begin();
      yield* crew.finished();
    })
  );
  assertInstanceOf(error, RuntimeFailure);
  assertEquals(events.length, 6);
  assertMatch(events[0].message, /^thread 0 died: it came to its end by itself/);
});

Deno.test({
  name: "Crew: clients are handed over, and closed when their thread dies",
  ...ON_LINUX,
  fn: () =>
    on("epoll", function* () {
      const { crew, handing, until, logged } = parrots(1, "epoll");
      yield* crew.begin();
      using listener = yield* TcpListener.bind({ port: 0 });
      const visit = function* (name: string): Co<TcpStream> {
        const client = yield* TcpStream.connect(listener.localAddr);
        crew.post(0, handing.give(yield* listener.accept(), 0, name));
        const greeting = new Uint8Array("hello ".length + name.length);
        yield* client.readExact(greeting);
        assertEquals(textOf(greeting), `hello ${name}`);
        return client;
      };
      using ann = yield* visit("ann");
      using ben = yield* visit("ben");
      crew.post(0, { kind: "die", word: "hit by a bug" });
      for (const client of [ann, ben]) assertEquals(yield* client.read(new Uint8Array(1)), 0);
      yield* until(() => logged().length > 0);
      using _cleo = yield* visit("cleo");
      yield* crew.end();
      handing.closeAll(0);
    }),
});
