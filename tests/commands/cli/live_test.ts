import { LiveBlock } from "../../../commands/cli/live.ts";
import { assertEquals } from "../../support/assert.ts";

/** A block on a screen of its own, whose lines can be asked for: what a terminal makes of it. */
function screen() {
  const lines = [""];
  let row = 0;
  const write = (text: string) => {
    const readable = text.replaceAll("\x1b", "^");
    for (const part of readable.matchAll(/\^\[(\d*)([AJ])|\r\n|\n|\r|[^\^\r\n]+/g)) {
      const [all, count, what] = part;
      if (what === "A") row -= Number(count);
      else if (what === "J") {
        lines.length = row + 1;
        lines[row] = "";
      } else if (all.endsWith("\n")) lines[++row] ??= "";
      else if (all !== "\r") lines[row] += all;
    }
  };
  return { lines, write, block: new LiveBlock(write, () => 80) };
}

Deno.test("live block: what is shown takes the place of what was shown before", () => {
  const { lines, block } = screen();
  for (const shown of [["one", "two", "three"], ["four"], ["five", "six"]]) {
    block.show(shown);
    assertEquals(lines, shown);
  }
  block.show([]);
  assertEquals([lines, block.columns], [[""], 80]);
});

Deno.test("live block: whatever else is written comes above it", () => {
  const { lines, write, block } = screen();
  block.above(() => write("first\n"));
  block.show(["a", "b"]);
  for (const line of ["second", "third"]) block.above(() => write(`${line}\n`));
  block.show(["c", "d"]);
  assertEquals(lines, ["first", "second", "third", "c", "d"]);
});

Deno.test("live block: what is left stays, and the next begins below it", () => {
  const { lines, block } = screen();
  block.leave();
  assertEquals(lines, [""]);
  block.show(["a", "b"]);
  block.leave();
  block.leave();
  block.show(["c"]);
  assertEquals(lines, ["a", "b", "c"]);
});
