import { UnixListener, UnixStream } from "wakeful/net";
import { blockOn, Runtime } from "wakeful/runtime";
import { assertEquals, assertFalse } from "../support/assert.ts";
import { tempDir } from "../support/temp_dir.ts";
import { ioErrorOf } from "../support/stream_ends.ts";
import { conformance } from "./conformance.ts";
import { connected } from "./family.ts";
import { overUnix, pathOf } from "./over_unix.ts";

conformance("Unix on deno", () => Runtime.builder().enableAll().build(), overUnix);

/** What is at `path`, in a word. */
function whatIsAt(path: string): "nothing" | "socket" | "file" {
  try {
    return Deno.lstatSync(path).isSocket ? "socket" : "file";
  } catch {
    return "nothing";
  }
}

/** A socket's file that nobody listens on. Closing removes it only where it was bound. */
function abandonedSocket(path: string): void {
  const listener = Deno.listen({ transport: "unix", path: `${path}.old` });
  Deno.renameSync(`${path}.old`, path);
  listener.close();
  assertEquals(whatIsAt(path), "socket");
}

Deno.test("UnixListener.bind: a socket that a dead process left is replaced", async () => {
  using dir = tempDir();
  const path = dir.path("echo.sock");
  abandonedSocket(path);
  await blockOn(function* () {
    using listener = yield* UnixListener.bind(path);
    using _client = yield* UnixStream.connect(path);
    using _stream = yield* listener.accept();
  });
});

Deno.test("UnixListener.bind: a file that is no socket is left alone", async () => {
  using dir = tempDir();
  const path = dir.path("precious.txt");
  Deno.writeTextFileSync(path, "precious");
  const { kind, message } = await blockOn(() => ioErrorOf(UnixListener.bind(path)));
  assertEquals([kind, message.includes("not a socket")], ["address-in-use", true]);
  assertEquals(Deno.readTextFileSync(path), "precious");
});

Deno.test("UnixListener.bind: in a folder that is missing it is not found", async () => {
  using dir = tempDir();
  const error = await blockOn(() => ioErrorOf(UnixListener.bind(dir.path("no/where.sock"))));
  assertEquals(error.kind, "not-found");
});

Deno.test("UnixListener.close: removes the socket's file, once", async () => {
  using dir = tempDir();
  const path = dir.path("echo.sock");
  await blockOn(function* () {
    const listener = yield* UnixListener.bind(path);
    assertEquals(whatIsAt(path), "socket");
    listener.close();
    assertEquals(whatIsAt(path), "nothing");
    Deno.writeTextFileSync(path, "somebody else's");
    listener.close();
    assertEquals(whatIsAt(path), "file");
  });
});

Deno.test("UnixStream.connect: to a socket that nobody listens on is refused", async () => {
  using dir = tempDir();
  const path = dir.path("echo.sock");
  abandonedSocket(path);
  const error = await blockOn(() => ioErrorOf(UnixStream.connect(path)));
  assertEquals(error.kind, "connection-refused");
});

Deno.test("UnixStream: an end without a name has an empty path", async () => {
  using family = overUnix();
  await blockOn(() =>
    connected(family, function* (client, server) {
      assertEquals(server.peerAddr, { transport: "unix", path: "" });
      assertFalse(pathOf(client.peerAddr) === "");
    })
  );
});
