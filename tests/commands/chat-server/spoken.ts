import { Chat } from "../../../commands/chat-server/chat.ts";
import type { ChatEvent, Effect } from "../../../commands/chat-server/event.ts";
import type { ChatRules } from "../../../commands/chat-server/hall.ts";
import { readRequest } from "../../../commands/chat-server/protocol.ts";

export const RULES: ChatRules = {
  pace: { rate: 10, burst: 20 },
  maxLine: 4096,
  inbox: 256,
  slowReader: "drop",
  idleTimeout: 600_000,
  operatorToken: "sesame",
  logText: false,
};

/** A chat without sockets: what is typed goes in as lines, and what each one reads comes out. */
export class Spoken {
  readonly chat: Chat;
  readonly rules: ChatRules;
  now = 0;
  /** Effects that are no lines to somebody. */
  readonly done: Effect[] = [];
  #lastId = 0;
  #read = new Map<number, string[]>();

  constructor(rules: Partial<ChatRules> = {}) {
    this.rules = { ...RULES, ...rules };
    this.chat = new Chat(this.rules);
  }

  /** Somebody connects; with a name, they take it. What was said about it is passed over. */
  arrive(name?: string, address = "10.0.0.1"): number {
    const id = ++this.#lastId;
    this.connect(id, address);
    if (name !== undefined) this.type(id, `/nick ${name}`);
    this.wait(1_000);
    this.forget();
    return id;
  }

  /** A connection of that number is made, and nothing else happens. */
  connect(id: number, address = "10.0.0.1"): void {
    this.#read.set(id, []);
    this.happen({ kind: "arrive", id, address });
  }

  /** Somebody types lines. */
  type(id: number, ...lines: string[]): void {
    for (const line of lines) {
      const { command } = readRequest(line, this.rules.maxLine);
      if (command !== undefined) this.happen({ kind: "ask", id, command });
    }
  }

  happen(event: ChatEvent): void {
    this.#apply(this.chat.handle(event, this.now));
  }

  /** Time passes, and what was kept back is told. */
  wait(milliseconds: number): void {
    this.now += milliseconds;
    this.#apply(this.chat.tick(this.now));
  }

  /** What somebody has read since the last look. */
  read(id: number): string[] {
    return this.#read.get(id)!.splice(0);
  }

  /** What each of all has read since the last look. */
  readAll(...ids: number[]): string[][] {
    return ids.map((id) => this.read(id));
  }

  forget(): void {
    for (const lines of this.#read.values()) lines.length = 0;
    this.done.length = 0;
  }

  /** Whose connections were to end. */
  get dismissed(): number[] {
    return this.done.flatMap((effect) => effect.kind === "dismiss" ? [effect.id] : []);
  }

  /** What was recorded, without the names. */
  get records(): string[] {
    return this.done.flatMap((effect) => effect.kind === "record" ? [effect.event] : []);
  }

  #apply(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.kind === "tell") {
        for (const id of effect.to) {
          if (id !== effect.except) this.#read.get(id)?.push(...effect.lines);
        }
        continue;
      }
      this.done.push(effect);
      if (effect.kind === "dismiss" && effect.last !== undefined) {
        this.#read.get(effect.id)?.push(effect.last);
      }
    }
  }
}
