import { type Co, IoError, pending, sleep, spawn } from "wakeful/runtime";
import { TcpListener, type TcpStream } from "wakeful/net";

/** What may become of a request to a server with some manners, in the words of the report. */
export type Fate = "ok" | "bad status" | "timeout" | "reset" | "closed" | "cut short" | "malformed";

/** A way to answer, or not to: what is sent, and whether the connection may go on. */
export interface Manners {
  /** What a client may make of it when nothing else goes wrong. */
  readonly fates: readonly Fate[];
  answer(stream: TcpStream): Co<"keep" | "close">;
}

const DRIBBLE_MS = 1_000;
const WORK_MS = 5;

const text = (stream: TcpStream, content: string) =>
  stream.writeAll(new TextEncoder().encode(content));

function saying(content: string, then: "keep" | "close" = "keep"): Manners["answer"] {
  return function* (stream) {
    yield* sleep(WORK_MS);
    yield* text(stream, content);
    return then;
  };
}

/** All the manners a client has to bear. */
export const MANNERS: Readonly<Record<string, Manners>> = {
  "answers": {
    fates: ["ok"],
    answer: saying("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
  },
  "answers in chunks, with trailers": {
    fates: ["ok"],
    answer: saying(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" +
        "5;why=not\r\nhello\r\n0\r\nLate: yes\r\n\r\n",
    ),
  },
  "answers until it closes": {
    fates: ["ok"],
    answer: saying("HTTP/1.1 200 OK\r\n\r\nhello", "close"),
  },
  "answers once": {
    fates: ["ok"],
    answer: saying("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", "close"),
  },
  "answers after a word": {
    fates: ["ok"],
    answer: saying(
      "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    ),
  },
  "is out of order": {
    fates: ["bad status"],
    answer: saying("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"),
  },
  "stalls": {
    fates: ["timeout"],
    *answer() {
      yield* pending();
      return "keep";
    },
  },
  "dribbles": {
    fates: ["timeout"],
    *answer(stream) {
      const answer = `HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello`;
      for (const letter of answer) {
        yield* text(stream, letter);
        yield* sleep(DRIBBLE_MS);
      }
      return "keep";
    },
  },
  "closes": {
    fates: ["closed"],
    *answer() {
      yield* sleep(WORK_MS);
      return "close";
    },
  },
  "breaks off in a head": {
    fates: ["reset", "cut short"],
    *answer(stream) {
      yield* text(stream, "HTTP/1.1 200 O");
      yield* sleep(WORK_MS);
      stream.abort();
      return "close";
    },
  },
  "promises too much": {
    fates: ["cut short"],
    answer: saying("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello", "close"),
  },
  // What is too much may come after the answer was taken: then the next request finds it.
  "gives too much": {
    fates: ["malformed", "ok"],
    answer: saying("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhello"),
  },
  "goes on promising": {
    fates: ["malformed", "timeout"],
    *answer(stream) {
      for (;;) {
        yield* text(stream, "HTTP/1.1 102 Processing\r\n\r\n");
        yield* sleep(WORK_MS);
      }
    },
  },
  "speaks something else": {
    fates: ["malformed"],
    answer: saying("SSH-2.0-OpenSSH_9.9\r\n"),
  },
  "cannot count": {
    fates: ["malformed"],
    answer: saying("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfive\r\nhello\r\n"),
  },
};

/** What a server has done. */
export interface Served {
  /** How many requests it has seen the end of. */
  requests: number;
}

/** A server that answers each request with manners of its own choice. */
export function* serveWithManners(
  port: number,
  choose: () => Manners,
  served: Served,
): Co<never> {
  using listener = yield* TcpListener.bind({ host: "0.0.0.0", port });
  for (;;) {
    const stream = yield* listener.accept();
    spawn(() => serve(stream, choose, served), { onEnd: () => stream.close() });
  }
}

function* serve(stream: TcpStream, choose: () => Manners, served: Served): Co<void> {
  try {
    while (yield* request(stream)) {
      served.requests++;
      if ((yield* choose().answer(stream)) === "close") return;
    }
  } catch (error) {
    if (!(error instanceof IoError)) throw error;
  }
}

/** Reads up to the empty line; false when the client has gone. */
function* request(stream: TcpStream): Co<boolean> {
  let seen = "";
  const into = new Uint8Array(1);
  while (!seen.endsWith("\r\n\r\n")) {
    if ((yield* stream.read(into)) === 0) return false;
    seen += String.fromCharCode(into[0]);
  }
  return true;
}
