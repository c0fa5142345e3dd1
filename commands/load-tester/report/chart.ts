/** Pictures as SVG, with axes; no script is needed to look at them. */

const WIDTH = 720;
const HEIGHT = 240;
const LEFT = 64;
const BOTTOM = 28;
const TOP = 10;
const RIGHT = 26;
const TICKS = 5;
const NICE = [1, 2, 2.5, 5, 10];

/** One axis: what values lie on it, and how they are written. */
export interface Axis {
  readonly max: number;
  readonly show: (value: number) => string;
}

export interface Line {
  readonly name: string;
  /** The name of a colour in the page's style. */
  readonly colour: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** A place on the horizontal axis that is not where its value is. */
export interface Mark {
  readonly at: number;
  readonly text: string;
}

/** Lines over one another; with `filled`, the space beneath each of them too. */
export function lineChart(
  lines: readonly Line[],
  x: Axis & { readonly marks?: readonly Mark[] },
  y: Axis,
  filled = false,
): string {
  const top = niceMax(y.max);
  const place = ([px, py]: readonly [number, number]) =>
    `${round(xAt(px / x.max))},${round(yAt(py / top))}`;
  const drawn = lines.filter(({ points }) => points.length > 0).map(({ colour, points }) => {
    const path = points.map(place).join(" ");
    const [first, last] = [points[0], points.at(-1)!];
    const area = filled
      ? `<polygon class="area ${colour}" points="${place([first[0], 0])} ${path} ` +
        `${place([last[0], 0])}"/>`
      : "";
    return `${area}<polyline class="line ${colour}" points="${path}"/>`;
  });
  const marks = x.marks ?? ticks(x.max).map((at) => ({ at: at / x.max, text: x.show(at) }));
  return chart([grid(top, y.show), labels(marks), ...drawn], legend(lines));
}

/** Bars side by side, each with what it stands for. */
export function barChart(
  bars: readonly { readonly label: string; readonly value: number }[],
  y: Axis,
): string {
  const top = niceMax(y.max);
  const width = 1 / bars.length;
  const drawn = bars.map(({ label, value }, i) => {
    const [left, right] = [xAt(i * width), xAt((i + 1) * width)];
    const height = yAt(0) - yAt(value / top);
    return `<rect class="bar" x="${round(left + 1)}" y="${round(yAt(value / top))}" ` +
      `width="${round(right - left - 2)}" height="${round(height)}">` +
      `<title>${escape(label)}: ${escape(y.show(value))}</title></rect>`;
  });
  const marks = bars.map(({ label }, i) => ({ at: (i + 1 / 2) * width, text: label }));
  return chart([grid(top, y.show), labels(marks), ...drawn], "");
}

/** What may not stand in a page as it is. */
export function escape(text: string): string {
  const entities: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
  };
  return text.replace(/[&<>"]/g, (character) => entities[character]);
}

function chart(parts: readonly string[], legend: string): string {
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img">${parts.join("")}</svg>${legend}`;
}

function legend(lines: readonly Line[]): string {
  if (lines.length < 2) return "";
  const keys = lines.map(({ name, colour }) =>
    `<span class="key ${colour}">${escape(name)}</span>`
  );
  return `<p class="legend">${keys.join(" ")}</p>`;
}

function grid(top: number, show: (value: number) => string): string {
  return ticks(top).map((value) => {
    const at = round(yAt(value / top));
    return `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}"/>` +
      `<text class="y" x="${LEFT - 6}" y="${at + 4}">${escape(show(value))}</text>`;
  }).join("");
}

function labels(marks: readonly Mark[]): string {
  return marks.map(({ at, text }) =>
    `<text class="x" x="${round(xAt(at))}" y="${HEIGHT - BOTTOM + 18}">${escape(text)}</text>`
  ).join("");
}

function ticks(max: number): number[] {
  const step = niceStep(max);
  return Array.from({ length: Math.floor(max / step + 1e-9) + 1 }, (_, i) => i * step);
}

function niceMax(max: number): number {
  if (max <= 0) return 1;
  const step = niceStep(max);
  return Math.ceil(max / step - 1e-9) * step;
}

/** A round number of which about five reach the maximum. */
function niceStep(max: number): number {
  const rough = (max > 0 ? max : 1) / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * NICE.find((nice) => nice * power >= rough * 0.999)!;
}

function xAt(share: number): number {
  return LEFT + share * (WIDTH - LEFT - RIGHT);
}

function yAt(share: number): number {
  return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
