import { readDuration } from "../cli/units.ts";

/** Of each command, what it says besides its kind. */
interface Payloads {
  say: Text;
  act: Text;
  msg: Name & Text;
  reply: Text;
  nick: Name;
  join: Name;
  leave: Nothing;
  quit: Text;
  topic: Text;
  away: Text;
  ignore: Text;
  help: Text;
  who: Nothing;
  whois: Name;
  rooms: Nothing;
  history: { readonly count: number };
  limits: Nothing;
  oper: { readonly token: string };
  kick: Name & Text;
  mute: Name & Lasting & Text;
  unmute: Name;
  ban: Name & Lasting & Text;
  unban: Name;
  announce: Text;
  shutdown: { readonly delay: number } & Text;
  stats: Nothing;
  /** What cannot be understood. */
  wrong: { readonly complaint: string };
}

interface Text {
  readonly text: string;
}

interface Name {
  readonly name: string;
}

interface Lasting {
  /** How long, in milliseconds. */
  readonly lasting: number;
}

type Nothing = Record<never, never>;

export type CommandKind = keyof Payloads;

/** What a client asks for, as the chat hears it. */
export type Command<K extends CommandKind = CommandKind> = {
  [P in K]: { readonly kind: P } & Payloads[P];
}[K];

/** One command, as `/help` shows it and as it is read. */
export interface Word {
  readonly usage: string;
  readonly about: string;
  /** What it takes of the flood budget, in messages. */
  readonly cost: number;
  readonly operator?: boolean;
  /** Makes it of what stands behind the word; undefined when that is not as `usage` says. */
  read(rest: string): Command | undefined;
}

const MS_PER_MINUTE = 60_000;
const MUTED_MS = 10 * MS_PER_MINUTE;
const BANNED_MS = 60 * MS_PER_MINUTE;
const SHOWN_LINES = 10;
const COUNT = /^\d{1,9}$/;

/**
 * Every command by its word. What reaches many people or walks through many costs more than a
 * message.
 */
export const VOCABULARY: Readonly<Record<string, Word>> = {
  help: {
    usage: "/help [COMMAND]",
    about: "lists the commands, or explains one",
    cost: 2,
    read: (text) => ({ kind: "help", text }),
  },
  nick: {
    usage: "/nick NAME",
    about: "changes your name",
    cost: 5,
    read: (rest) => oneWord(rest, (name) => ({ kind: "nick", name })),
  },
  who: {
    usage: "/who",
    about: "says who is here, and how long they have been silent",
    cost: 2,
    read: (rest) => nothing(rest, { kind: "who" }),
  },
  whois: {
    usage: "/whois NAME",
    about: "says what is known of somebody",
    cost: 1,
    read: (rest) => oneWord(rest, (name) => ({ kind: "whois", name })),
  },
  rooms: {
    usage: "/rooms",
    about: "lists the rooms",
    cost: 2,
    read: (rest) => nothing(rest, { kind: "rooms" }),
  },
  join: {
    usage: "/join ROOM",
    about: "goes to a room, which is made if there is none",
    cost: 3,
    read: (rest) => oneWord(rest, (name) => ({ kind: "join", name: name.replace(/^#/, "") })),
  },
  leave: {
    usage: "/leave",
    about: "goes back to the lobby",
    cost: 3,
    read: (rest) => nothing(rest, { kind: "leave" }),
  },
  topic: {
    usage: "/topic [TEXT]",
    about: "shows what the room is about, or says it",
    cost: 3,
    read: (text) => ({ kind: "topic", text }),
  },
  history: {
    usage: "/history [N]",
    about: `shows the last lines of the room, ${SHOWN_LINES} unless you say how many`,
    cost: 3,
    read: readHistory,
  },
  me: {
    usage: "/me ACTION",
    about: "says what you do",
    cost: 1,
    read: (text) => text === "" ? undefined : { kind: "act", text },
  },
  msg: {
    usage: "/msg NAME TEXT",
    about: "says something to one person alone",
    cost: 1,
    read: (rest) => wordAndText(rest, (name, text) => text && { kind: "msg", name, text }),
  },
  reply: {
    usage: "/reply TEXT",
    about: "answers whoever spoke to you alone last",
    cost: 1,
    read: (text) => text === "" ? undefined : { kind: "reply", text },
  },
  away: {
    usage: "/away [REASON]",
    about: "tells those who speak to you that you are away; without a reason you are back",
    cost: 1,
    read: (text) => ({ kind: "away", text }),
  },
  ignore: {
    usage: "/ignore [NAME]",
    about: "hides what somebody says, or shows it again; alone it lists whom you ignore",
    cost: 1,
    read: (text) => ({ kind: "ignore", text }),
  },
  limits: {
    usage: "/limits",
    about: "says how fast and how long you may write",
    cost: 1,
    read: (rest) => nothing(rest, { kind: "limits" }),
  },
  quit: {
    usage: "/quit [WORD]",
    about: "leaves",
    cost: 1,
    read: (text) => ({ kind: "quit", text }),
  },
  oper: {
    usage: "/oper TOKEN",
    about: "makes you an operator",
    cost: 5,
    read: (rest) => oneWord(rest, (token) => ({ kind: "oper", token })),
  },
  kick: {
    usage: "/kick NAME [REASON]",
    about: "disconnects somebody",
    cost: 1,
    operator: true,
    read: (rest) => wordAndText(rest, (name, text) => ({ kind: "kick", name, text })),
  },
  mute: {
    usage: "/mute NAME [TIME] [REASON]",
    about: "lets somebody listen only, for 10m unless you say how long",
    cost: 1,
    operator: true,
    read: (rest) =>
      wordAndText(rest, (name, more) => ({ kind: "mute", name, ...timeAndText(more, MUTED_MS) })),
  },
  unmute: {
    usage: "/unmute NAME",
    about: "lets somebody speak again",
    cost: 1,
    operator: true,
    read: (rest) => oneWord(rest, (name) => ({ kind: "unmute", name })),
  },
  ban: {
    usage: "/ban NAME|ADDRESS [TIME] [REASON]",
    about: "disconnects and keeps out a name or an address, for 1h unless you say how long",
    cost: 1,
    operator: true,
    read: (rest) =>
      wordAndText(rest, (name, more) => ({ kind: "ban", name, ...timeAndText(more, BANNED_MS) })),
  },
  unban: {
    usage: "/unban NAME|ADDRESS",
    about: "lifts a ban",
    cost: 1,
    operator: true,
    read: (rest) => oneWord(rest, (name) => ({ kind: "unban", name })),
  },
  announce: {
    usage: "/announce TEXT",
    about: "tells everybody in every room",
    cost: 1,
    operator: true,
    read: (text) => text === "" ? undefined : { kind: "announce", text },
  },
  shutdown: {
    usage: "/shutdown DELAY [REASON]",
    about: "ends the server after a countdown, such as /shutdown 30s new version",
    cost: 1,
    operator: true,
    read: (rest) =>
      wordAndText(rest, (word, text) => {
        const delay = readDuration(word);
        return delay.ok ? { kind: "shutdown", delay: delay.value, text } : undefined;
      }),
  },
  stats: {
    usage: "/stats",
    about: "says what the server has done",
    cost: 1,
    operator: true,
    read: (rest) => nothing(rest, { kind: "stats" }),
  },
};

type Made = Command | undefined | "";

function nothing(rest: string, command: Command): Command | undefined {
  return rest === "" ? command : undefined;
}

function oneWord(rest: string, make: (word: string) => Command): Command | undefined {
  return rest === "" || rest.includes(" ") ? undefined : make(rest);
}

/** A word and what stands behind it, which may be nothing. */
function wordAndText(
  rest: string,
  make: (word: string, text: string) => Made,
): Command | undefined {
  const [, word, text] = /^(\S+)\s*(.*)$/.exec(rest) ?? [];
  return word === undefined ? undefined : make(word, text) || undefined;
}

/** `10m being rude`, `10m`, `being rude`, or nothing. */
function timeAndText(rest: string, usual: number): { lasting: number; text: string } {
  const [, word = "", more = ""] = /^(\S+)\s*(.*)$/.exec(rest) ?? [];
  const time = readDuration(word);
  return time.ok ? { lasting: time.value, text: more } : { lasting: usual, text: rest };
}

function readHistory(rest: string): Command | undefined {
  if (rest === "") return { kind: "history", count: SHOWN_LINES };
  return COUNT.test(rest) ? { kind: "history", count: Number(rest) } : undefined;
}
