/** beanstalkd over its own protocol, with and without its log on the disk. */
import type { Sample } from "../harness/experiment.ts";
import { TempFolder } from "../harness/folder.ts";
import { SERVER_CPU } from "../harness/machine.ts";
import { Program } from "../harness/program.ts";
import { runTool } from "../harness/tool.ts";
import * as plan from "./plan.ts";

const UTF8 = new TextEncoder();
const LATIN1 = new TextDecoder("latin1");
const START_MS = 300;
const PUT = UTF8.encode("put 0 0 60 2\r\n{}\r\n");
const RESERVE = UTF8.encode("reserve\r\n");

export async function beanstalkdVersion(): Promise<string> {
  return await runTool("beanstalkd", ["-v"], "its version");
}

export async function measureBeanstalkd(durable: boolean): Promise<Sample> {
  using folder = new TempFolder();
  const port = freePort();
  const log = durable ? ["-b", folder.path, "-f0"] : [];
  await using _server = new Program({
    name: "beanstalkd",
    words: ["beanstalkd", "-l", "127.0.0.1", "-p", String(port), ...log],
    cpu: SERVER_CPU,
  });
  await plan.pause(START_MS);
  return await measure(port);
}

async function measure(port: number): Promise<Sample> {
  const lines = await Promise.all(Array.from({ length: plan.IN_FLIGHT }, () => Line.connect(port)));
  const singles = await plan.rateOf(
    plan.JOBS,
    () => plan.inFlight(plan.JOBS, plan.IN_FLIGHT, (lane) => lines[lane].ask(PUT)),
  );
  const processed = await plan.rateOf(
    plan.JOBS,
    () =>
      plan.inFlight(plan.JOBS, plan.CONCURRENCY, async (lane) => {
        const id = /^RESERVED (\d+)/.exec(await lines[lane].ask(RESERVE, "\r\n{}\r\n"))?.[1];
        await lines[lane].ask(UTF8.encode(`delete ${id}\r\n`));
      }),
  );
  const waits = await endToEnd(lines[0], lines[1]);
  for (const line of lines) line.close();
  return {
    singles,
    bulk: NaN,
    processed,
    p50: plan.percentile(waits, 0.5),
    p99: plan.percentile(waits, 0.99),
  };
}

async function endToEnd(producer: Line, worker: Line): Promise<number[]> {
  const waits: number[] = [];
  for (let i = 0; i < plan.PACED_JOBS; i++) {
    const at = performance.now();
    const reserved = worker.ask(RESERVE, "\r\n{}\r\n").then((answer) => {
      waits.push(performance.now() - at);
      return /^RESERVED (\d+)/.exec(answer)?.[1];
    });
    await producer.ask(PUT);
    await worker.ask(UTF8.encode(`delete ${await reserved}\r\n`));
    await plan.pause(Math.max(0, plan.PACE_MS - (performance.now() - at)));
  }
  return waits;
}

/** One connection: a command, then its answer. */
class Line {
  #connection: Deno.TcpConn;
  #buffer = new Uint8Array(4096);

  private constructor(connection: Deno.TcpConn) {
    this.#connection = connection;
  }

  static async connect(port: number): Promise<Line> {
    return new Line(await Deno.connect({ hostname: "127.0.0.1", port }));
  }

  async ask(command: Uint8Array, end = "\r\n"): Promise<string> {
    await this.#connection.write(command);
    for (let text = "";;) {
      const read = await this.#connection.read(this.#buffer);
      text += LATIN1.decode(this.#buffer.subarray(0, read ?? 0));
      if (text.endsWith(end) || read === null) return text;
    }
  }

  close(): void {
    this.#connection.close();
  }
}

export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
