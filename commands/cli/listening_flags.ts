import { flag } from "./flag.ts";
import { port, text } from "./kind.ts";

const GROUP = "Listening";

/** Where a server listens unless it is told otherwise. */
export const DEFAULT_PORT = 8080;

/** The flags of a server: with them, `listen` knows the place. */
export const LISTENING_FLAGS = {
  host: flag(text("ADDRESS"), {
    default: "127.0.0.1",
    group: GROUP,
    about: "address to listen on",
  }),
  port: flag(port(), {
    default: DEFAULT_PORT,
    letter: "p",
    group: GROUP,
    about: "port to listen on; 0 picks a free one",
  }),
  unix: flag(text("PATH"), {
    group: GROUP,
    about: "listen on this Unix socket instead",
  }),
} as const;

/** A socket has no port. */
export const LISTENING_CONFLICTS = [["unix", "host"], ["unix", "port"]] as const;
