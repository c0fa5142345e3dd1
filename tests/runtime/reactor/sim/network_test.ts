import { Random } from "wakeful/runtime";
import { Kernel } from "../../../../runtime/reactor/sim/kernel.ts";
import { isLocal, Network, type Node } from "../../../../runtime/reactor/sim/network.ts";
import { assert, assertEquals, assertFalse, assertStrictEquals } from "../../../support/assert.ts";

function threeNodes() {
  const network = new Network<Node>(new Kernel(new Random(1)));
  const add = (name: string) => {
    const node = { name, ip: network.freeIp() };
    network.add(node);
    return node;
  };
  return { network, a: add("a"), b: add("b"), c: add("c") };
}

Deno.test("Network: a node is found by name and by address, and by local names as oneself", () => {
  const { network, a, b } = threeNodes();
  assertStrictEquals(network.find("b", a), b);
  assertStrictEquals(network.find(b.ip, a), b);
  for (const host of ["localhost", "127.0.0.1", "::1"]) {
    assertStrictEquals(network.find(host, a), a);
    assert(isLocal(host));
  }
  assertEquals([network.find("nobody", a), isLocal(b.ip)], [undefined, false]);
});

Deno.test("Network: every node has an address of its own", () => {
  const { network } = threeNodes();
  assertEquals(network.nodes.map(({ ip }) => ip), ["10.0.0.1", "10.0.0.2", "10.0.0.3"]);
});

Deno.test("Network: each direction is a way of its own, and heal opens them all", () => {
  const { network, a, b } = threeNodes();
  const [there, back] = network.paths(a, b);
  assertStrictEquals(network.path(a, b), there);
  there.shut();
  assertEquals([there.up, back.up], [false, true]);
  back.shut();
  network.heal();
  assertEquals([there.up, back.up], [true, true]);
});

Deno.test("Network: the way to oneself is short and loses nothing", () => {
  const { network, a, b } = threeNodes();
  assert(network.path(a, a).arrival(0) < network.path(a, b).arrival(0));
  assertFalse(network.path(a, a).loses());
});
