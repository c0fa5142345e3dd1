import { nearest } from "../cli/suggest.ts";
import { type Heard, TooLong } from "./line_cutter.ts";
import { type Command, VOCABULARY, type Word } from "./vocabulary.ts";

/** What a line asks for, and what it takes of the flood budget, in messages. */
export interface Request {
  /** Undefined for a line that asks for nothing. */
  readonly command: Command | undefined;
  readonly cost: number;
}

const MESSAGE_COST = 1;
/** For what cannot be understood: it has to be answered all the same. */
const MISTAKE_COST = 2;
/** So that somebody who does nothing but press enter is held up at last. */
const BLANK_COST = 0.1;

const WORDS = Object.keys(VOCABULARY);

/** Understands a line of a client; `maxBytes` is for the words of a refusal. */
export function readRequest(line: Heard, maxBytes: number): Request {
  if (line === TooLong) {
    return mistake(`your line was not sent: it is longer than ${maxBytes} bytes`);
  }
  if (line.trim() === "") return { command: undefined, cost: BLANK_COST };
  if (line.startsWith("//")) return say(line.slice(1));
  return line.startsWith("/") ? readCommand(line.slice(1)) : say(line);
}

/** The command of that name, where there is one. */
export function wordOf(name: string): Word | undefined {
  return Object.hasOwn(VOCABULARY, name) ? VOCABULARY[name] : undefined;
}

function say(text: string): Request {
  return { command: { kind: "say", text }, cost: MESSAGE_COST };
}

function readCommand(line: string): Request {
  const [, typed, rest] = /^(\S*)\s*(.*)$/.exec(line)!;
  const name = typed.toLowerCase();
  const word = wordOf(name);
  if (word === undefined) return mistake(unknown(name));
  const command = word.read(rest.trimEnd());
  return command === undefined
    ? mistake(`usage: ${word.usage} (${word.about})`)
    : { command, cost: word.cost };
}

function unknown(name: string): string {
  const close = nearest(name, WORDS);
  const hint = close === undefined ? "/help lists the commands" : `did you mean /${close}?`;
  return `there is no command /${name}; ${hint}; // at the start says a line that begins with /`;
}

function mistake(complaint: string): Request {
  return { command: { kind: "wrong", complaint }, cost: MISTAKE_COST };
}
