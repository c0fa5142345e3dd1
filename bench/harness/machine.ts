/** What the machine must offer, and what it is. */
import { BenchFailure } from "./failure.ts";
import { runTool } from "./tool.ts";

/** Server and client have a CPU each, so that neither takes time from the other. */
export const SERVER_CPU = 0;
export const CLIENT_CPU = 1;
/** Where there is no client, everything that is compared runs here. */
export const MEASURED_CPU = SERVER_CPU;

/** Throws one clear line when Linux's `/proc`, `taskset`, `cc` or the second CPU is missing. */
export async function requireMachine(): Promise<void> {
  await requireTaskset([SERVER_CPU, CLIENT_CPU]);
  await runTool("cc", ["--version"], "it compiles the load client");
}

/** Throws one clear line when Linux's `/proc`, `taskset` or one of the CPUs is missing. */
export async function requireTaskset(cpus: number[]): Promise<void> {
  if (Deno.build.os !== "linux") {
    throw new BenchFailure("the measurements read Linux's /proc; this system has none");
  }
  await requireProc();
  for (const cpu of cpus) {
    await runTool("taskset", ["-c", String(cpu), "true"], `the measurements need CPU ${cpu}`);
  }
}

/** One line that says where the figures come from. */
export async function describeMachine(): Promise<string> {
  return `${await describeSystem()}; server on CPU ${SERVER_CPU}, client on CPU ${CLIENT_CPU}`;
}

/** The same without who runs where. */
export async function describeSystem(): Promise<string> {
  const cpuinfo = await Deno.readTextFile("/proc/cpuinfo");
  const model = /^model name\s*:\s*(.+)$/m.exec(cpuinfo)?.[1] ?? Deno.build.arch;
  const cores = navigator.hardwareConcurrency;
  return `Deno ${Deno.version.deno}, Linux ${Deno.osRelease()}, ${cores} × ${model}`;
}

async function requireProc(): Promise<void> {
  try {
    await Deno.stat(`/proc/${Deno.pid}/stat`);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw new BenchFailure("/proc is not mounted");
    throw error;
  }
}
