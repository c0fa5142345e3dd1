/** Who takes part: how each load generator is told what to do, and what it says of it. */
import { fetchFromNpm } from "../harness/build.ts";
import { runTool } from "../harness/tool.ts";

/** What a generator is told. */
export interface Order {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
}

/** What it said: answers per second, and latencies in milliseconds. */
export interface Said {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

export interface Generator {
  readonly name: string;
  /** The command and its arguments. */
  words(order: Order): string[];
  read(stdout: string): Said;
}

/** Every ratio is taken against it. */
export const BASELINE = "wrk";
export const EPOLL = "wakeful-epoll";
export const DENO_DRIVER = "wakeful-deno";

const AUTOCANNON_VERSION = "9.0.0";
const MS_PER_UNIT: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1_000 };
const MS_PER_SECOND = 1_000;

/** The command that runs the tool from source, with these flags. */
export function wakefulWords(driver: string, flags: string[]): string[] {
  const permissions = ["--allow-net", "--allow-env", "--allow-read", "--allow-ffi"];
  const heap = "--v8-flags=--max-semi-space-size=4,--heap-growing-percent=20"; // as the task has it
  return [Deno.execPath(), "run", "--no-check", heap, ...permissions, "main.ts", "load-tester"]
    .concat(["--driver", driver, ...flags]);
}

/** Those that are installed; autocannon is fetched. */
export async function generators(): Promise<Generator[]> {
  const cannon = await fetchFromNpm("autocannon", AUTOCANNON_VERSION, "autocannon");
  const there = [wakeful("epoll"), wakeful("deno"), wrk, autocannon(cannon)];
  return await isInstalled("hey") ? [...there, hey] : there;
}

function wakeful(driver: "epoll" | "deno"): Generator {
  return {
    name: `wakeful-${driver}`,
    words: ({ url, connections, seconds }) =>
      wakefulWords(driver, [url, "-c", String(connections), "-z", `${seconds}s`, "--json"]),
    read(stdout) {
      const { throughput, service } = JSON.parse(stdout).runs[0];
      return { perSecond: throughput, p50: service.p50, p99: service.p99 };
    },
  };
}

const wrk: Generator = {
  name: BASELINE,
  words: (
    { url, connections, seconds },
  ) => ["wrk", "-t1", `-c${connections}`, `-d${seconds}s`, "--latency", url],
  read(stdout) {
    const latency = (percent: number) => {
      const pattern = new RegExp(`^\\s*${percent}%\\s+([\\d.]+)(us|ms|s)`, "m");
      const [, value, unit] = pattern.exec(stdout)!;
      return Number(value) * MS_PER_UNIT[unit];
    };
    const perSecond = Number(/^Requests\/sec:\s+([\d.]+)/m.exec(stdout)![1]);
    return { perSecond, p50: latency(50), p99: latency(99) };
  },
};

function autocannon(program: string): Generator {
  return {
    name: "autocannon",
    words: (
      { url, connections, seconds },
    ) => [program, "-c", String(connections), "-d", String(seconds), "--no-progress", "-j", url],
    read(stdout) {
      const { requests, duration, latency } = JSON.parse(stdout);
      return { perSecond: requests.total / duration, p50: latency.p50, p99: latency.p99 };
    },
  };
}

const hey: Generator = {
  name: "hey",
  words: (
    { url, connections, seconds },
  ) => ["hey", "-z", `${seconds}s`, "-c", String(connections), url],
  read(stdout) {
    const latency = (percent: number) =>
      Number(new RegExp(`^\\s*${percent}% in ([\\d.]+) secs`, "m").exec(stdout)![1]) *
      MS_PER_SECOND;
    const perSecond = Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)![1]);
    return { perSecond, p50: latency(50), p99: latency(99) };
  },
};

async function isInstalled(command: string): Promise<boolean> {
  try {
    await runTool("which", [command], "it is looked for");
    return true;
  } catch {
    return false;
  }
}
