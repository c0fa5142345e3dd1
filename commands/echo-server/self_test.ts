import { type Co, scope, sleep, spawn, type TcpAddress, timeout } from "../../runtime/mod.ts";
import { TcpStream } from "../../net/mod.ts";
import { EXIT_FAILURE, EXIT_OK } from "../cli/errors.ts";
import type { Surroundings } from "../cli/tool.ts";
import type { EchoOptions } from "./command.ts";
import { open } from "./open.ts";

/** Of the server whose idle client is watched; the others would fail on a machine that is busy. */
const HASTY_MS = 200;
const CHECK_LIMIT_MS = 10_000;
const BIG_BYTES = 1024 * 1024;
/** Odd on purpose, so that no chunk ends where a buffer does. */
const ODD_CHUNK_BYTES = 4_097;

/** One thing that the server has to be able to do; it throws what is wrong. */
interface Check {
  readonly name: string;
  /** Whether it wants a server that hardly waits for its clients. */
  readonly hasty?: boolean;
  run(port: number): Co<void>;
}

const CHECKS: readonly Check[] = [
  { name: "one client gets its line back, then the end", run: oneClient },
  { name: "four interleaved clients each get their own", run: fourClients },
  { name: "1 MiB in odd chunks comes back byte for byte", run: oddChunks },
  { name: "an idle client is disconnected", hasty: true, run: idleClient },
];

/** `echo-server test`: servers on free ports, talked to over TCP; one line a check. */
export function* selfTest(options: EchoOptions, { terminal, log }: Surroundings): Co<number> {
  const local = { ...options, host: "127.0.0.1", port: 0, unix: undefined };
  using patient = yield* open({ ...local, idleTimeout: CHECK_LIMIT_MS }, log, terminal.os);
  using hasty = yield* open({ ...local, idleTimeout: HASTY_MS }, log, terminal.os);
  using _patient = spawn(() => patient.serve()).abortOnDrop();
  using _hasty = spawn(() => hasty.serve()).abortOnDrop();
  let failures = 0;
  for (const check of CHECKS) {
    const { port } = (check.hasty ? hasty : patient).localAddr as TcpAddress;
    try {
      yield* timeout(CHECK_LIMIT_MS, check.run(port));
      terminal.out(`ok    ${check.name}`);
    } catch (error) {
      failures++;
      terminal.out(`FAIL  ${check.name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  terminal.out(failures === 0 ? "everything works" : `${failures} of ${CHECKS.length} failed`);
  return failures === 0 ? EXIT_OK : EXIT_FAILURE;
}

function* oneClient(port: number): Co<void> {
  using stream = yield* TcpStream.connect({ port });
  yield* exchange(stream, "hello\n");
  yield* stream.shutdown();
  yield* expectEnd(stream);
}

function* fourClients(port: number): Co<void> {
  yield* scope(function* (s) {
    for (const name of ["ann", "ben", "cleo", "dan"]) s.spawn(() => chat(port, name));
  });
}

function* chat(port: number, name: string): Co<void> {
  using stream = yield* TcpStream.connect({ port });
  for (let i = 1; i <= 10; i++) {
    yield* exchange(stream, `${name} ${i}\n`);
    yield* sleep(1); // so that the others get their turn
  }
}

function* oddChunks(port: number): Co<void> {
  using stream = yield* TcpStream.connect({ port });
  const sent = Uint8Array.from({ length: BIG_BYTES }, (_, i) => i % 251);
  const received = new Uint8Array(BIG_BYTES);
  yield* scope(function* (s) {
    s.spawn(function* () {
      for (let i = 0; i < BIG_BYTES; i += ODD_CHUNK_BYTES) {
        yield* stream.writeAll(sent.subarray(i, i + ODD_CHUNK_BYTES));
      }
    });
    yield* stream.readExact(received);
  });
  const wrong = received.findIndex((byte, i) => byte !== sent[i]);
  if (wrong >= 0) throw new Error(`byte ${wrong} came back different`);
}

function* idleClient(port: number): Co<void> {
  using stream = yield* TcpStream.connect({ port });
  yield* expectEnd(stream);
}

function* exchange(stream: TcpStream, text: string): Co<void> {
  const sent = new TextEncoder().encode(text);
  yield* stream.writeAll(sent);
  const received = new Uint8Array(sent.length);
  yield* stream.readExact(received);
  const back = new TextDecoder().decode(received);
  if (back !== text) throw new Error(`sent ${JSON.stringify(text)}, got ${JSON.stringify(back)}`);
}

function* expectEnd(stream: TcpStream): Co<void> {
  const n = yield* stream.read(new Uint8Array(1));
  if (n !== 0) throw new Error("expected the end of the stream, got more bytes");
}
