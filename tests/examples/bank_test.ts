import { type Actor, actor, type Co, joinAll, spawn, yieldNow } from "wakeful/runtime";
import { Bank, demo, InsufficientFunds } from "../../examples/bank.ts";
import { assert, assertEquals, assertThrows } from "../support/assert.ts";
import { VirtualRuntime } from "../support/virtual_runtime.ts";

/** A bank where Alice has 1000 and Bob has 500. */
function atTheBank<T>(body: (bank: Actor<Bank>) => Co<T>): T {
  using virtual = new VirtualRuntime();
  return virtual.run(function* () {
    using bank = actor(new Bank());
    yield* bank.ask("open", "Alice", 1000);
    yield* bank.ask("open", "Bob", 500);
    return yield* body(bank);
  });
}

Deno.test("bank: 200 of Alice's 1000 moved to Bob's 500 leave 800 and 700", () => {
  atTheBank(function* (bank) {
    yield* bank.ask("transfer", "Alice", "Bob", 200);
    assertEquals(yield* bank.ask("balance", "Alice"), 800);
    assertEquals(yield* bank.ask("balance", "Bob"), 700);
  });
});

Deno.test("bank: a withdrawal that fails changes nothing", () => {
  atTheBank(function* (bank) {
    try {
      yield* bank.ask("transfer", "Alice", "Bob", 1001);
      assert(false, "she cannot pay that");
    } catch (error) {
      assert(error instanceof InsufficientFunds);
    }
    assertEquals(yield* bank.ask("statement"), "Alice 1000, Bob 500");
  });
});

Deno.test("bank: a deposit that fails gives the money back", () => {
  atTheBank(function* (bank) {
    yield* bank.ask("open", "Cleo", 7);
    yield* bank.ask("close", "Cleo");
    try {
      yield* bank.ask("transfer", "Alice", "Cleo", 200);
    } catch (error) {
      assertEquals(String(error), 'Closed: Cannot go on: the actor "Cleo" is closed');
    }
    assertEquals(yield* bank.ask("balance", "Alice"), 1000);
  });
});

Deno.test("bank: unknown names and silly amounts are refused", () => {
  const pay = (to: string, amount: number) => () =>
    atTheBank((bank) => bank.ask("transfer", "Alice", to, amount));
  assertThrows(pay("Zoe", 1), RangeError, "Zoe has no account");
  assertThrows(pay("Bob", 0), RangeError, "above 0, got 0");
  assertThrows(pay("Bob", NaN), RangeError, "above 0, got NaN");
});

Deno.test("bank: however many transfers are under way, nobody sees money missing", () => {
  atTheBank(function* (bank) {
    const transfers = Array.from({ length: 50 }, (_, n) => {
      const [from, to] = n % 2 === 0 ? ["Alice", "Bob"] : ["Bob", "Alice"];
      return spawn(() => bank.ask("transfer", from, to, n + 1));
    });
    for (let look = 0; look < 20; look++) {
      const [, alice, bob] = /Alice (\d+), Bob (\d+)/.exec(yield* bank.ask("statement"))!;
      assertEquals(Number(alice) + Number(bob), 1500);
    }
    yield* joinAll(transfers);
    assertEquals(yield* bank.ask("statement"), "Alice 1025, Bob 475");
  });
});

Deno.test("bank: a transfer that is cancelled in the middle is still all or nothing", () => {
  for (let turns = 0; turns < 12; turns++) {
    using virtual = new VirtualRuntime();
    virtual.run(function* () {
      const bank = new Bank();
      bank.open("Alice", 1000);
      bank.open("Bob", 500);
      const transfer = spawn(() => bank.transfer("Alice", "Bob", 200));
      for (let turn = 0; turn < turns; turn++) yield* yieldNow();
      transfer.abort();
      for (let turn = 0; turn < 12; turn++) yield* yieldNow();
      const statement = yield* bank.statement();
      assert(["Alice 1000, Bob 500", "Alice 800, Bob 700"].includes(statement), statement);
    });
  }
});

Deno.test("bank: the program says so", () => {
  using virtual = new VirtualRuntime();
  const lines: string[] = [];
  virtual.run(() => demo((line) => void lines.push(line)));
  assertEquals(lines, [
    "Alice 1000, Bob 500",
    "Alice pays Bob 200: done",
    "Alice 800, Bob 700",
    "Alice pays Bob 5000: refused, Alice has 800 and cannot pay 5000",
    "Alice 800, Bob 700",
  ]);
});
