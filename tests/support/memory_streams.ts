import { TcpListener, TcpStream } from "wakeful/net";
import { Coroutine, type Io, type Reactor, type StreamSource } from "wakeful/runtime";
import { FakeLoop } from "./fake_loop.ts";
import { type HandPoll, handPoll } from "./hand_poll.ts";
import { MemoryListener, memoryPair } from "./memory_net.ts";

/** What `net/` makes of an accepted or connected source. */
export const wrapTcp = (source: StreamSource, io: Io) => new TcpStream(source, io);

/** A stream under test, the far end in the test's hands, and a loop to poll on. */
export function streamAndPeer(room: { here?: number; there?: number } = {}) {
  const loop = new FakeLoop();
  const [source, peer] = memoryPair(loop.io, room);
  const stream = new TcpStream(source, loop.io);
  const poll = <T>(future: HandPoll<T>["future"]) => handPoll(future, loop);
  const run = <T>(body: Generator<void, T, void>) => poll(new Coroutine(body));
  return { loop, source, peer, stream, poll, run };
}

/** A listener of `net/` over a source in memory. */
export function memoryListener(
  reactor: Reactor,
): { source: MemoryListener; listener: TcpListener } {
  const source = new MemoryListener(reactor);
  return { source, listener: new TcpListener(source, reactor, wrapTcp) };
}
