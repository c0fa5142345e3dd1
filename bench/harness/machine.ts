/** What the machine must offer, what it is, and the C clients built on it. */
import { BenchFailure } from "./failure.ts";

/** Server and client have a CPU each, so that neither takes time from the other. */
export const SERVER_CPU = 0;
export const CLIENT_CPU = 1;
/** Where there is no client, everything that is compared runs here. */
export const MEASURED_CPU = SERVER_CPU;

const SOURCES = `${import.meta.dirname}/../clients`;
const BUILD = `${import.meta.dirname}/../.build`;

/** Throws one clear line when Linux's `/proc`, `taskset`, `gcc` or the second CPU is missing. */
export async function requireMachine(): Promise<void> {
  await requireTaskset([SERVER_CPU, CLIENT_CPU]);
  await run("gcc", ["--version"], "it compiles the load client");
}

/** Throws one clear line when Linux's `/proc`, `taskset` or one of the CPUs is missing. */
export async function requireTaskset(cpus: number[]): Promise<void> {
  if (Deno.build.os !== "linux") {
    throw new BenchFailure("the measurements read Linux's /proc; this system has none");
  }
  await requireProc();
  for (const cpu of cpus) {
    await run("taskset", ["-c", String(cpu), "true"], `the measurements need CPU ${cpu}`);
  }
}

/** Compiles `bench/clients/NAME.c` to {@linkcode clientPath}. */
export async function buildClient(name: string): Promise<void> {
  await Deno.mkdir(BUILD, { recursive: true });
  const flags = ["-O2", "-Wall", "-Wextra", "-o", clientPath(name)];
  await run("gcc", [...flags, `${SOURCES}/${name}.c`], "it compiles the load client");
}

export function clientPath(name: string): string {
  return `${BUILD}/${name}`;
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

async function run(command: string, args: string[], purpose: string): Promise<void> {
  const { success, stderr } = await output(command, args);
  if (success) return;
  const detail = new TextDecoder().decode(stderr).trim();
  throw new BenchFailure(`${command} failed (${purpose}): ${detail}`);
}

async function output(command: string, args: string[]): Promise<Deno.CommandOutput> {
  try {
    return await new Deno.Command(command, { args }).output();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new BenchFailure(`${command} is needed and not installed`);
  }
}
