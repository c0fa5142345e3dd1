import { IoError, Reactor } from "wakeful/runtime";
import {
  ACCEPT_PAUSE_MS,
  EchoServer,
  FreeList,
  parse,
  READS_A_TURN,
} from "../../examples/async_without_async.ts";
import { assert, assertEquals, assertLess, assertThrows } from "../support/assert.ts";
import { FakeDriver } from "../support/fake_driver.ts";
import { macrotask } from "../support/macrotask.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { MemoryListener, type MemoryStream } from "../support/memory_net.ts";

const STATUS_MS = 1000;

/** A server over connections in memory, whose turns and time the test makes. */
function rig(clients = 3, statusInterval = 0) {
  const clock = new ManualClock();
  const driver = new FakeDriver();
  const reactor = new Reactor(driver, clock);
  const listener = new MemoryListener(reactor);
  const printed: string[] = [];
  const print = (line: string) => void printed.push(line);
  const server = new EchoServer(reactor, listener, { clients, statusInterval, clock, print });
  const settle = () => {
    do server.turn(); while (server.patience === 0);
  };
  settle();
  const join = (room?: { client?: number; server?: number }): MemoryStream => {
    const client = listener.connect(room);
    settle();
    return client;
  };
  const say = (client: MemoryStream, text: string) => {
    client.send(text);
    settle();
    return client.take();
  };
  return { clock, driver, reactor, listener, printed, server, settle, join, say };
}

Deno.test("FreeList: hands out each number once, and again when it was given back", () => {
  const list = new FreeList(2);
  assertEquals([list.take(), list.take(), list.take()], [0, 1, undefined]);
  list.giveBack(0);
  assertEquals([list.take(), list.take()], [0, undefined]);
});

Deno.test("async without async: each client gets its own bytes back", () => {
  const { join, say, server } = rig();
  const [ann, ben] = [join(), join()];
  assertEquals([say(ann, "one"), say(ben, "two"), say(ann, "three")], ["one", "two", "three"]);
  assertEquals(server.active, 2);
});

Deno.test("async without async: a client that has finished gets the rest, then the end", () => {
  const { join, settle, server } = rig();
  const client = join({ client: 4 }); // it takes four bytes at a time
  client.send("hello world");
  client.tryShutdown();
  settle();
  let answer = "";
  for (let i = 0; i < 4; i++) {
    answer += client.take();
    settle();
  }
  assertEquals([answer, client.atEnd, server.active], ["hello world", true, 0]);
});

Deno.test("async without async: a client that does not read is not read from", () => {
  const { join, settle, server } = rig();
  const client = join({ client: 4, server: 64 });
  client.send("0123456789");
  settle();
  client.send("abc");
  settle();
  assert(server.patience > 0); // nobody is to be served: it waits for room alone
  assertEquals(client.take(), "0123");
  settle();
  assertEquals(client.take(), "4567");
  settle();
  client.send("d");
  let rest = "";
  for (let i = 0; i < 3; i++) {
    settle();
    rest += client.take();
  }
  assertEquals(rest, "89abcd");
});

Deno.test("async without async: a full table refuses with one warning, and recovers", () => {
  const { join, say, settle, printed, server } = rig(2);
  const [ann, ben] = [join(), join()];
  const refused = [join(), join()];
  assertEquals(refused.map((client) => client.atEnd), [true, true]);
  assertEquals(printed, ["full: no more than 2 clients"]);
  ann.close();
  settle();
  const cleo = join();
  assertEquals([say(ben, "b"), say(cleo, "c"), server.active], ["b", "c", 2]);
  assert(join().atEnd);
  assertEquals(printed.length, 2);
});

Deno.test("async without async: an accept that fails is tried again after a pause", () => {
  const { clock, listener, printed, join, say, settle, server } = rig();
  listener.fail(new IoError("too-many-open-files", "accept: too many open files"));
  const client = listener.connect();
  settle();
  assertEquals([server.active, server.patience], [0, ACCEPT_PAUSE_MS]);
  assertEquals(printed, ["cannot accept, trying again soon: accept: too many open files"]);
  clock.time += ACCEPT_PAUSE_MS;
  settle();
  assertEquals([server.active, say(client, "hello"), say(join(), "x")], [1, "hello", "x"]);
});

Deno.test("async without async: the status comes to every client at every interval", () => {
  const { clock, join, settle, server } = rig(3, STATUS_MS);
  const [ann, ben] = [join(), join()];
  assertEquals(server.patience, STATUS_MS);
  clock.time += STATUS_MS;
  settle();
  const status = "Server status: 2 active connections\n";
  assertEquals([ann.take(), ben.take(), server.patience], [status, status, STATUS_MS]);
  ann.close();
  clock.time += STATUS_MS;
  settle();
  assertEquals(ben.take(), "Server status: 1 active connections\n");
});

Deno.test("async without async: a client that lags is spared the status", () => {
  const { clock, join, settle } = rig(3, STATUS_MS);
  const client = join({ client: 2 });
  client.send("abcd");
  settle();
  clock.time += STATUS_MS;
  settle();
  let answer = "";
  for (let i = 0; i < 4; i++) {
    answer += client.take();
    settle();
  }
  assertEquals(answer, "abcd");
});

Deno.test("async without async: a broken connection ends itself and no other", () => {
  const { join, say, settle, reactor, server } = rig();
  const [ann, ben] = [join(), join()];
  ann.peer.fail();
  settle();
  assertEquals([server.active, say(ben, "still here")], [1, "still here"]);
  assertEquals(reactor.size, 5); // listener, exit, Ann's end, and both ends of Ben's
});

Deno.test("async without async: one that never stops talking does not hold up the others", () => {
  const { listener, server } = rig();
  const [loud, shy] = [listener.connect(), listener.connect()];
  let reads = 0;
  loud.peer.tryRead = (into) => {
    reads++;
    into[0] = 1;
    return 1;
  };
  shy.send("me too");
  server.turn();
  assertLess(reads, READS_A_TURN + 1);
  assertEquals([shy.take(), server.patience], ["me too", 0]);
});

Deno.test("async without async: exit ends the wait at once, and every connection", async () => {
  const { driver, join, listener, reactor, server } = rig();
  const client = join();
  const running = server.run();
  await macrotask(); // the first wait has events behind it already
  assertEquals([driver.state, server.patience], ["parked", Infinity]);
  server.exit();
  assert(driver.step());
  await running;
  client.close();
  assertEquals([listener.closed, client.peer.closed, reactor.size], [true, true, 0]);
});

Deno.test("async without async: the command line", () => {
  const { port, clients, statusInterval } = parse(["9000", "--clients", "7"]);
  assertEquals([port, clients, statusInterval], [9000, 7, 5000]);
  for (const words of [["x"], ["--driver", "kqueue"], ["--clients"], ["--speed", "1"]]) {
    assertThrows(() => parse(words), TypeError);
  }
});
