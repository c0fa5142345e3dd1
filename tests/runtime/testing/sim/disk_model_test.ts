import fc from "fast-check";
import { Random } from "wakeful/runtime";
import { SimDisk } from "wakeful/testing";
import { assert, assertEquals } from "../../../support/assert.ts";

const SECTOR_BYTES = 512;

/** Whether a power cut may leave `survivor`, of bytes that were synced and others that were not. */
function isExplained(survivor: Uint8Array, durable: Uint8Array, content: Uint8Array): boolean {
  const [shortest, longest] = [durable.length, content.length].toSorted((a, b) => a - b);
  if (survivor.length < shortest || survivor.length > longest) return false;
  for (let at = 0; at < survivor.length; at += SECTOR_BYTES) {
    const sector = survivor.subarray(at, at + SECTOR_BYTES);
    const isOf = (whole: Uint8Array) => sector.every((byte, i) => byte === (whole[at + i] ?? 0));
    if (!isOf(durable) && !isOf(content)) return false;
  }
  return true;
}

const path = fc.constantFrom("/a", "/b");
const content = fc.integer({ min: 0, max: 3_000 });
const step = fc.oneof(
  fc.record({ do: fc.constantFrom("write", "append"), path, length: content }),
  fc.record({ do: fc.constantFrom("sync", "remove", "rename", "cut"), path, length: content }),
);

Deno.test("SimDisk: every surviving file is explained, and synced bytes are never lost", () => {
  fc.assert(fc.property(fc.nat(), fc.array(step, { maxLength: 40 }), (seed, steps) => {
    const [disk, random] = [new SimDisk(), new Random(seed)];
    let model: Record<string, { durable: Uint8Array; content: Uint8Array }> = {};
    steps.forEach(({ do: what, path, length }, i) => {
      const old = model[path]?.content ?? new Uint8Array(0);
      const made = new Uint8Array(length).fill(i + 1);
      if (what === "write" || what === "append") {
        const grown = what === "write" ? made : Uint8Array.from([...old, ...made]);
        model[path] = { durable: model[path]?.durable ?? new Uint8Array(0), content: grown };
        disk[what](path, made);
      } else if (what === "cut") {
        disk.loseUnsynced(random);
        for (const [path, { durable, content }] of Object.entries(model)) {
          const survivor = disk.read(path);
          assert(isExplained(survivor, durable, content), `${path} cannot be explained`);
          model[path] = { durable: survivor, content: survivor };
        }
      } else if (model[path] !== undefined) {
        if (what === "sync") model[path].durable = model[path].content;
        if (what === "sync" || what === "remove") disk[what](path);
        if (what === "rename") disk.rename(path, "/c");
        if (what === "rename") model["/c"] = model[path];
        if (what !== "sync") {
          const { [path]: _gone, ...others } = model;
          model = others;
        }
      }
      assertEquals(disk.list(), Object.keys(model).sort());
    });
    for (const [path, { content }] of Object.entries(model)) assertEquals(disk.read(path), content);
  }));
});
