import { keysOf } from "../../../commands/chat-server/names.ts";
import { assert, assertEquals, fail } from "../../support/assert.ts";

/** A line of the server's log, as far as it matters here. */
interface LogRecord {
  readonly event: string;
  readonly client: number;
  readonly name: string;
  readonly room?: string;
  readonly text?: string;
}

/** What one connection has read, in order. */
export interface Transcript {
  readonly lines: string[];
}

const GREETING = /^-- welcome to the chat: you are (user-\d+);/;
const MESSAGE = /: m\d+(?: x+)?$/;
const MISSED = /^-- you missed (\d+) lines?: you read too slowly$/;
const LAST_WORDS = /^-- (?:you are disconnected|the server is shutting down: goodbye)/;

/**
 * The server's own log says what was said where, in which order, and who was there: everything that
 * anybody has read is held against it.
 */
export class Audit {
  #guests = new Map<string, number>();
  /** For each connection, the messages that were for it. */
  #due = new Map<number, string[]>();
  #rooms = new Map<number, string>();
  #names = new Map<number, string>();

  constructor(log: string) {
    for (const line of log.split("\n").slice(0, -1)) this.#replay(JSON.parse(line) as LogRecord);
    assertEquals(this.#names.size, 0, "somebody was never logged as gone");
  }

  /** How many messages there were for anybody. */
  get messages(): number {
    return [...this.#due.values()].reduce((sum, { length }) => sum + length, 0);
  }

  /**
   * Holds what one connection has read against what was said: in the server's order, nothing twice,
   * and nothing missing but what a line says was missed, or what came after the end.
   */
  check({ lines }: Transcript): { missed: number } {
    const guest = lines.map((line) => GREETING.exec(line)?.[1]).find((name) => name !== undefined);
    if (guest === undefined) return { missed: 0 }; // it broke before its first line
    const due = this.#due.get(this.#guests.get(guest) ?? fail(`${guest} was never logged`))!;
    let [next, excused, missed] = [0, 0, 0];
    for (const line of lines) {
      excused += Number(MISSED.exec(line)?.[1] ?? 0);
      if (!MESSAGE.test(line)) continue;
      const at = due.indexOf(line, next);
      assert(at >= 0, `${guest} read "${short(line)}" out of order, twice or without reason`);
      assert(at - next <= excused, `${guest} was not told that ${at - next} lines were dropped`);
      missed += at - next;
      if (at > next) excused = 0;
      next = at + 1;
    }
    if (lines.some((line) => LAST_WORDS.test(line))) {
      assert(due.length - next <= excused, `${guest} was not told of the last dropped lines`);
      missed += due.length - next;
    }
    return { missed };
  }

  #replay({ event, client, name, room, text }: LogRecord): void {
    switch (event) {
      case "connected":
        this.#guests.set(name, client);
        this.#due.set(client, []);
        this.#rooms.set(client, "lobby");
        return this.#rename(client, name);
      case "renamed":
        return this.#rename(client, name);
      case "moved":
        return void this.#rooms.set(client, room!);
      case "disconnected":
        this.#rooms.delete(client);
        return void this.#names.delete(client);
      case "message":
        assertEquals(this.#rooms.get(client), room);
        for (const [other, its] of this.#rooms) {
          if (its === room && other !== client) this.#due.get(other)!.push(text!);
        }
    }
  }

  /** No two names are alike at any moment. */
  #rename(client: number, name: string): void {
    this.#names.set(client, name);
    const keys = [...this.#names.values()].flatMap((name) => [...keysOf(name)]);
    assertEquals(new Set(keys).size, keys.length, `two are called ${name}`);
  }
}

function short(line: string): string {
  return line.slice(0, 40);
}
