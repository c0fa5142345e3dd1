import fc from "../../../support/fast_check.ts";
import {
  barChart,
  escape,
  type Line,
  lineChart,
} from "../../../../commands/load-tester/report/chart.ts";
import { assert, assertEquals, assertStringIncludes } from "../../../support/assert.ts";
import { wellFormed } from "./markup.ts";

const show = (value: number) => String(value);
const LINE: Line = { name: "a", colour: "one", points: [[0, 0], [5, 50], [10, 100]] };

/** The numbers in all attributes of that name. */
function attribute(svg: string, name: string): number[] {
  return [...svg.matchAll(new RegExp(` ${name}="([^"]*)"`, "g"))]
    .flatMap(([, value]) => value.split(/[ ,]/)).map(Number);
}

Deno.test("chart: a line goes from corner to corner", () => {
  const svg = lineChart([LINE], { max: 10, show }, { max: 100, show });
  wellFormed(svg);
  assertEquals(attribute(svg, "points"), [64, 212, 379, 111, 694, 10]);
  assert(!svg.includes("legend"), "one line needs none");
  const labels = [...svg.matchAll(/>([^<]+)<\/text>/g)].map(([, text]) => text);
  assertEquals(labels, ["0", "20", "40", "60", "80", "100", "0", "2", "4", "6", "8", "10"]);
});

Deno.test("chart: several lines have a legend, and areas beneath them if they are filled", () => {
  const lines = [LINE, { ...LINE, name: "<b>", colour: "bad" }];
  const svg = lineChart(lines, { max: 10, show }, { max: 100, show }, true);
  wellFormed(svg);
  assertEquals(svg.match(/<polygon/g)?.length, 2);
  assertStringIncludes(svg, '<span class="key bad">&lt;b&gt;</span>');
});

Deno.test("chart: marks stand where they are told to", () => {
  const marks = [{ at: 0, text: "50%" }, { at: 1, text: "99%" }];
  const svg = lineChart([LINE], { max: 10, show, marks }, { max: 100, show });
  assertStringIncludes(svg, '<text class="x" x="64" y="230">50%</text>');
  assertStringIncludes(svg, '<text class="x" x="694" y="230">99%</text>');
});

Deno.test("chart: bars share the width, and are as high as their values", () => {
  const bars = [{ label: "≤1", value: 50 }, { label: '"&', value: 100 }];
  const svg = barChart(bars, { max: 100, show });
  wellFormed(svg);
  const heights = [...svg.matchAll(/height="([\d.]+)"><title>/g)].map(([, height]) =>
    Number(height)
  );
  assertEquals(heights, [101, 202]);
  assertStringIncludes(svg, "<title>&quot;&amp;: 100</title>");
});

Deno.test("chart: whatever there is to be drawn is drawn inside of the picture", () => {
  const points = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat()), {
    maxLength: 20,
  });
  fc.assert(fc.property(points, fc.double({ min: 0.001, max: 1e9, noNaN: true }), (points, max) => {
    const scaled = points.map(([x, y]) => [x * max, y] as const);
    const top = Math.max(0, ...points.map(([, y]) => y));
    const svg = lineChart([{ ...LINE, points: scaled }], { max, show }, { max: top, show }, true);
    wellFormed(svg);
    assert(!/NaN|Infinity|undefined/.test(svg), svg);
    for (const name of ["points", "x", "y", "x1", "x2", "y1", "y2"]) {
      assert(attribute(svg, name).every((at) => at >= 0 && at <= 720), `${name}: ${svg}`);
    }
    const bars = points.map(([, value]) => ({ label: "x", value }));
    if (bars.length > 0) assert(!/NaN/.test(barChart(bars, { max: top, show })));
  }));
});

Deno.test("chart: nothing that is shown is taken for markup", () => {
  assertEquals(escape(`<a href="x">&amp;</a>`), "&lt;a href=&quot;x&quot;&gt;&amp;amp;&lt;/a&gt;");
});
