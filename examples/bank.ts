/**
 * A bank whose accounts are actors, and so is the bank itself.
 *
 * Each account handles one message at a time, so its balance needs no lock. The bank, too, handles
 * one at a time, to its end: nobody sees money on its way. A transfer is all or nothing.
 *
 *   deno run examples/bank.ts
 *
 * Alice has 1000 and Bob 500. 200 are transferred, which leaves 800 and 700; then Alice tries to
 * pay more than she has, which changes nothing.
 */

import { type Actor, actor, blockOn, type Co, shielded } from "wakeful/runtime";

/** How long a transfer may go on after somebody has cancelled it. */
const TRANSFER_LIMIT_MS = 1_000;

export class InsufficientFunds extends Error {
  constructor(owner: string, balance: number, amount: number) {
    super(`${owner} has ${balance} and cannot pay ${amount}`);
  }
}

/** What an account understands: each method is a message. */
export class Account {
  #owner: string;
  #balance: number;

  constructor(owner: string, balance: number) {
    this.#owner = owner;
    this.#balance = balance;
  }

  balance(): number {
    return this.#balance;
  }

  deposit(amount: number): void {
    assertAmount(amount);
    this.#balance += amount;
  }

  withdraw(amount: number): void {
    assertAmount(amount);
    if (amount > this.#balance) throw new InsufficientFunds(this.#owner, this.#balance, amount);
    this.#balance -= amount;
  }
}

/** What the bank understands. It reaches its accounts by messages, as everybody has to. */
export class Bank {
  #accounts = new Map<string, Actor<Account>>();

  open(owner: string, balance: number): void {
    this.#accounts.set(owner, actor(new Account(owner, balance), { name: owner }));
  }

  /** The account takes no more money, and gives none. */
  close(owner: string): void {
    this.#account(owner).stop();
  }

  /** All or nothing, also when the program is ended meanwhile. */
  *transfer(from: string, to: string, amount: number): Co<void> {
    const [payer, payee] = [this.#account(from), this.#account(to)];
    yield* shielded(TRANSFER_LIMIT_MS, function* () {
      yield* payer.ask("withdraw", amount);
      try {
        yield* payee.ask("deposit", amount);
      } catch (error) {
        yield* payer.ask("deposit", amount); // give it back
        throw error;
      }
    });
  }

  *balance(owner: string): Co<number> {
    return yield* this.#account(owner).ask("balance");
  }

  *statement(): Co<string> {
    const lines = [];
    for (const [owner, account] of this.#accounts) {
      lines.push(`${owner} ${yield* account.ask("balance")}`);
    }
    return lines.join(", ");
  }

  #account(owner: string): Actor<Account> {
    const account = this.#accounts.get(owner);
    if (account === undefined) throw new RangeError(`${owner} has no account`);
    return account;
  }
}

function assertAmount(amount: number): void {
  if (!(amount > 0)) throw new RangeError(`Expected an amount above 0, got ${amount}`);
}

/** What the program shows. */
export function* demo(print: (line: string) => void): Co<void> {
  using bank = actor(new Bank(), { name: "bank" });
  yield* bank.ask("open", "Alice", 1000);
  yield* bank.ask("open", "Bob", 500);
  print(yield* bank.ask("statement"));
  for (const amount of [200, 5000]) {
    print(
      `Alice pays Bob ${amount}: ${yield* attempt(bank.ask("transfer", "Alice", "Bob", amount))}`,
    );
    print(yield* bank.ask("statement"));
  }
}

function* attempt(transfer: Co<void>): Co<string> {
  try {
    yield* transfer;
    return "done";
  } catch (error) {
    if (error instanceof InsufficientFunds) return `refused, ${error.message}`;
    throw error;
  }
}

if (import.meta.main) {
  if (Deno.args.length > 0) {
    console.error(`bank: takes no arguments, got "${Deno.args.join(" ")}"`);
    Deno.exit(2);
  }
  await blockOn(() => demo(console.log));
}
