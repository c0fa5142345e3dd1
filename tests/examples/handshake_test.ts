import { READABLE, UnexpectedEof, WRITABLE } from "wakeful/runtime";
import { handshake, HandshakeMachine } from "../../examples/handshake.ts";
import { assertEquals, assertThrows } from "../support/assert.ts";
import { streamAndPeer } from "../support/memory_streams.ts";

Deno.test("handshake machine: goes from state to state as the peer lets it", () => {
  const { source, peer } = streamAndPeer({ there: 4 });
  const machine = new HandshakeMachine(source);
  assertEquals([machine.advance(), machine.state], [WRITABLE, "Initiated"]);
  assertEquals(peer.take(), "HELL");
  source.hold(true);
  assertEquals([machine.advance(), machine.state], [WRITABLE, "SentHandshake"]);
  source.hold(false);
  assertEquals([machine.advance(), machine.state], [READABLE, "AwaitingAck"]);
  assertEquals(peer.take(), "O\n");
  peer.send("HEL");
  assertEquals([machine.advance(), machine.state], [READABLE, "AwaitingAck"]);
  peer.send("LO\n");
  assertEquals([machine.advance(), machine.state], [undefined, "Connected"]);
  assertEquals(machine.advance(), undefined);
});

Deno.test("handshake coroutine: the same, at each place where it waits", () => {
  const { stream, source, peer, run } = streamAndPeer({ there: 4 });
  const twin = run(handshake(stream));
  twin.assertPending();
  assertEquals(peer.take(), "HELL");
  source.hold(true);
  twin.assertPending();
  source.hold(false);
  twin.assertPending();
  assertEquals(peer.take(), "O\n");
  peer.send("HEL");
  twin.assertPending();
  peer.send("LO\n");
  twin.assertReady("Connected");
});

for (const [name, answer] of [["another answer", "HALLO\n"], ["an early end", "HEL"]] as const) {
  Deno.test(`handshake: both refuse ${name}`, () => {
    const [one, other] = [streamAndPeer(), streamAndPeer()];
    for (const { peer } of [one, other]) {
      peer.send(answer);
      peer.tryShutdown();
    }
    const expected = name === "an early end" ? UnexpectedEof : TypeError;
    assertThrows(() => new HandshakeMachine(one.source).advance(), expected);
    assertThrows(() => other.run(handshake(other.stream)).poll(), expected);
  });
}
