import { IoError } from "wakeful/runtime";
import { assert, assertEquals, assertThrows } from "../../../support/assert.ts";
import { done, outcomeOf, type RigHost, SimRig, tcp, unix } from "../../../support/sim_rig.ts";

function hostOf(rig: SimRig): RigHost {
  return rig.host("alone");
}

/** How listening at `host` and `port` goes. */
function listening(at: RigHost, host: string, port: number): string {
  return outcomeOf(() => at.listen(tcp(host, port)), () => "bound");
}

Deno.test("Machine: a port is in use once, whether for one address or for all", () => {
  for (
    const [first, second, outcome] of [
      ["127.0.0.1", "127.0.0.1", "address-in-use"],
      ["localhost", "127.0.0.1", "address-in-use"],
      ["127.0.0.1", "0.0.0.0", "address-in-use"],
      ["0.0.0.0", "127.0.0.1", "address-in-use"],
      ["::", "10.0.0.1", "address-in-use"],
      ["127.0.0.1", "10.0.0.1", "bound"],
      ["127.0.0.1", "alone", "bound"],
      ["alone", "10.0.0.1", "address-in-use"],
      ["::1", "127.0.0.1", "bound"],
    ]
  ) {
    const host = hostOf(new SimRig());
    assertEquals(listening(host, first, 80), "bound");
    assertEquals(listening(host, second, 80), outcome, `${first}, then ${second}`);
  }
});

Deno.test("Machine: TCP and UDP have ports of their own", () => {
  const host = hostOf(new SimRig());
  host.listen(80);
  host.bindUdp(80);
  assertThrows(() => host.bindUdp(80, "127.0.0.1"), IoError, "in use");
});

Deno.test("Machine: what is bound to one address is not reached by another", async () => {
  for (
    const [bound, asked, outcome] of [
      ["127.0.0.1", "127.0.0.1", "connected"],
      ["127.0.0.1", "localhost", "connected"],
      ["127.0.0.1", "alone", "connection-refused"],
      ["alone", "10.0.0.1", "connected"],
      ["alone", "localhost", "connection-refused"],
      ["0.0.0.0", "alone", "connected"],
      ["0.0.0.0", "localhost", "connected"],
      ["::1", "::1", "connected"],
      ["::1", "127.0.0.1", "connection-refused"],
      ["::", "127.0.0.1", "connected"],
      ["::", "::1", "connected"],
      ["0.0.0.0", "::1", "connection-refused"],
    ]
  ) {
    const rig = new SimRig();
    const host = hostOf(rig);
    host.listen(tcp(bound, 80));
    const attempt = host.connect(tcp(asked, 80));
    await rig.pass(1);
    const state = outcomeOf(() => attempt.tryConnect(), () => "connected");
    assertEquals(state, outcome, `${bound}, asked by ${asked}`);
  }
});

Deno.test("Machine: an address that is not its own, and a port that is none, cannot be bound", () => {
  const host = hostOf(new SimRig());
  assertEquals(listening(host, "10.0.0.99", 80), "address-not-available");
  assertEquals(listening(host, "0.0.0.0", 65_536), "address-not-available");
});

Deno.test("Machine: port 0 finds a free one, until none is left", () => {
  const host = hostOf(new SimRig());
  const seen = new Set<string>();
  for (let i = 32_768; i <= 60_999; i++) {
    const { localAddr } = host.machine.bind(
      { transport: "udp", host: "0.0.0.0", port: 0 },
      (localAddr) => ({ localAddr, kill() {} }),
    );
    seen.add(String(localAddr.transport === "udp" && localAddr.port));
    if (seen.size === 100) break;
  }
  assertEquals(seen.size, 100);
});

/** Takes local ports for `peer` until none is left. */
function exhaust({ machine }: RigHost, peer: ReturnType<typeof tcp>): number {
  for (let taken = 0;; taken++) if (machine.takeAddress(peer) === undefined) return taken;
}

Deno.test("Machine: the ports for one peer run out, and those for another do not", async () => {
  const rig = new SimRig();
  const [here, there] = [rig.host("here"), rig.host("there")];
  there.listen(80);
  there.listen(81);
  const peer = tcp(there.machine.ip, 80);
  assertEquals(exhaust(here, peer), 60_999 - 32_768 + 1);
  const [none, another] = [here.connect(tcp("there", 80)), here.connect(tcp("there", 81))];
  await rig.pass(10);
  assertEquals(outcomeOf(() => none.tryConnect()), "address-not-available");
  const stream = done(another.tryConnect());
  here.machine.giveAddress({ local: { ...stream.localAddr }, peer });
  const again = here.connect(tcp("there", 80));
  await rig.pass(10);
  assertEquals(done(again.tryConnect()).localAddr, stream.localAddr, "free, and used again");
});

Deno.test("Machine: a connection's port is not for a listener while the connection lives", async () => {
  const rig = new SimRig();
  const { here, one, other } = await rig.pair();
  assert(one.localAddr.transport === "tcp");
  const { port } = one.localAddr;
  assertEquals(listening(here, "0.0.0.0", port), "address-in-use");
  one.close();
  other.close();
  assertEquals(listening(here, "0.0.0.0", port), "bound");
});

Deno.test("Machine: a listener's port is free again while its connections live", async () => {
  const rig = new SimRig();
  const { there, listener } = await rig.pair();
  listener.close();
  assertEquals(listening(there, "0.0.0.0", 80), "bound");
});

Deno.test("Machine: a Unix socket's file outlives its process, and keeps the address", () => {
  const host = hostOf(new SimRig());
  const path = "/run/a.sock";
  host.listen(unix(path)).close();
  assertEquals(host.machine.hasSocketFile(path), false);
  host.listen(unix(path));
  host.die("crash");
  assertEquals(host.machine.hasSocketFile(path), true);
  assertThrows(() => host.listen(unix(path)), IoError, "in use");
  host.driver.removeSocketFile(path);
  host.listen(unix(path));
});

Deno.test("Machine: a Unix socket without its file cannot be reached, and takes no other's away", async () => {
  const rig = new SimRig();
  const host = hostOf(rig);
  const path = "/run/a.sock";
  const old = host.listen(unix(path));
  host.driver.removeSocketFile(path);
  const young = host.listen(unix(path));
  old.close();
  const attempt = host.connect(unix(path));
  await rig.pass(1);
  done(attempt.tryConnect());
  done(young.tryAccept());
});

Deno.test("Machine: a process that dies leaves no socket and no signal", async () => {
  const rig = new SimRig();
  const { there } = await rig.pair();
  there.bindUdp(0);
  there.driver.signal("SIGTERM", there.registrar);
  assertEquals([there.machine.sockets, there.machine.signals.size], [3, 1]);
  there.die("crash");
  assertEquals([there.machine.sockets, there.machine.signals.size], [0, 0]);
});
