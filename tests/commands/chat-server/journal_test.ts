import { Journal } from "../../../commands/chat-server/journal.ts";
import { assertEquals } from "../../support/assert.ts";

/** A file that is somewhere, and may be full. */
function fakeFiles() {
  const files: string[] = [];
  const errors: unknown[] = [];
  const state = { full: false, closed: 0 };
  const open = () => {
    if (state.full) throw new Error("disk full");
    const index = files.push("") - 1;
    const write = (text: string) => {
      if (state.full) throw new Error("disk full");
      files[index] += text;
    };
    return { write, close: () => void state.closed++ };
  };
  const journal = new Journal({ open, wall: () => 0, onError: (error) => errors.push(error) });
  return { files, errors, state, journal };
}

const line = (event: string, client: number) =>
  JSON.stringify({ at: "1970-01-01T00:00:00.000Z", event, client }) + "\n";

Deno.test("Journal: one object a line, written when it is flushed", () => {
  const { files, journal } = fakeFiles();
  journal.record("joined", { client: 1 });
  journal.record("left", { client: 1 });
  assertEquals(files, [""]);
  journal.flush();
  assertEquals(files, [line("joined", 1) + line("left", 1)]);
});

Deno.test("Journal: opened again, it goes on in the new file", () => {
  const { files, state, journal } = fakeFiles();
  journal.record("joined", { client: 1 });
  journal.reopen();
  journal.record("left", { client: 1 });
  journal[Symbol.dispose]();
  assertEquals([files, state.closed], [[line("joined", 1), line("left", 1)], 2]);
});

Deno.test("Journal: what cannot be written is told of, and the rest goes on", () => {
  const { files, errors, state, journal } = fakeFiles();
  state.full = true;
  journal.record("joined", { client: 1 });
  journal.flush();
  journal.reopen();
  state.full = false;
  journal.record("left", { client: 1 });
  journal.flush();
  assertEquals([files, errors.length], [[line("left", 1)], 2]);
});

Deno.test("Journal: without a file nothing is kept", () => {
  using journal = new Journal();
  journal.record("joined", {});
  journal.flush();
  journal.reopen();
});
