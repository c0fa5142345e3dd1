import { IoError, Random } from "wakeful/runtime";
import { SimDisk } from "wakeful/testing";
import { assert, assertEquals, assertInstanceOf } from "../../../support/assert.ts";
import { bytes, textOf } from "../../../support/bytes.ts";
import { thrownBy } from "../../../support/recorder.ts";

function diskWith(files: Record<string, string>): SimDisk {
  const disk = new SimDisk();
  for (const [path, text] of Object.entries(files)) disk.write(path, bytes(text));
  return disk;
}

Deno.test("SimDisk: files are written, appended to, read, listed, renamed and removed", () => {
  const disk = diskWith({ "/b": "two", "/a": "one", "/c/d": "three" });
  disk.append("/a", bytes(" more"));
  disk.append("/new", bytes("made"));
  disk.rename("/b", "/c/e");
  disk.remove("/new");
  assertEquals([disk.list(), disk.list("/c/")], [["/a", "/c/d", "/c/e"], ["/c/d", "/c/e"]]);
  assertEquals([textOf(disk.read("/a")), textOf(disk.read("/c/e"))], ["one more", "two"]);
  assertEquals([disk.exists("/a"), disk.exists("/b")], [true, false]);
});

Deno.test("SimDisk: a file that is missing is not found", () => {
  const disk = diskWith({});
  for (
    const use of [
      () => disk.read("/x"),
      () => disk.sync("/x"),
      () => disk.remove("/x"),
      () => disk.rename("/x", "/y"),
    ]
  ) {
    const error = thrownBy(use);
    assertInstanceOf(error, IoError);
    assertEquals(error.kind, "not-found");
  }
});

Deno.test("SimDisk: what it takes and gives are copies", () => {
  const disk = new SimDisk();
  const buffer = bytes("first");
  disk.write("/a", buffer);
  buffer.set(bytes("WRONG"));
  disk.read("/a").set(bytes("WRONG"));
  assertEquals(textOf(disk.read("/a")), "first");
});

Deno.test("SimDisk: what was synced outlives a power cut, what was not may be lost", () => {
  const lengths = new Set<number>();
  for (let seed = 0; seed < 50; seed++) {
    const disk = diskWith({ "/synced": "safe", "/new": "12345678" });
    disk.sync("/synced");
    disk.loseUnsynced(new Random(seed));
    assertEquals(textOf(disk.read("/synced")), "safe");
    lengths.add(disk.read("/new").length);
  }
  assert(lengths.has(0) && lengths.has(8) && lengths.size > 5);
});

Deno.test("SimDisk: what survived one power cut survives the next", () => {
  const disk = diskWith({ "/a": "x".repeat(2000) });
  disk.loseUnsynced(new Random(1));
  const survivor = disk.read("/a");
  disk.loseUnsynced(new Random(2));
  assertEquals(disk.read("/a"), survivor);
});

Deno.test("SimDisk: what an action does is undone where it is kept from the files", () => {
  const disk = diskWith({ "/a": "kept", "/b": "kept" });
  disk.sync("/a");
  disk.keptFrom(() => {
    disk.write("/a", bytes("lost"));
    disk.sync("/a");
    disk.sync("/b");
    disk.remove("/b");
    disk.write("/c", bytes("lost"));
  });
  assertEquals([disk.list(), textOf(disk.read("/a"))], [["/a", "/b"], "kept"]);
  disk.loseUnsynced(new Random(3));
  assertEquals([textOf(disk.read("/a")), disk.read("/b").length < 4], ["kept", true]);
});
