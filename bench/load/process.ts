/** A command on the client's CPU, run to its end, with the most memory it ever had. */
import { BenchFailure } from "../harness/failure.ts";
import { CLIENT_CPU } from "../harness/machine.ts";

const ROOT = new URL("../../", import.meta.url);
const LOOK_MS = 100;
const BYTES_PER_KIB = 1024;
const BYTES_PER_MB = 1_000_000;

export interface Ran {
  readonly stdout: string;
  readonly peakMb: number;
}

/** Throws one clear line when it fails. */
export async function runPinned(words: string[]): Promise<Ran> {
  const child = new Deno.Command("taskset", {
    args: ["-c", String(CLIENT_CPU), ...words],
    cwd: ROOT,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let peakMb = 0;
  const look = async () => void (peakMb = await peakOf(child.pid) ?? peakMb);
  const timer = setInterval(look, LOOK_MS);
  try {
    const { success, stdout, stderr } = await child.output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    if (success) return { stdout: text(stdout), peakMb };
    throw new BenchFailure(`${words.join(" ")} failed: ${text(stderr).trim()}`);
  } finally {
    clearInterval(timer);
  }
}

async function peakOf(pid: number): Promise<number | undefined> {
  try {
    const status = await Deno.readTextFile(`/proc/${pid}/status`);
    const kib = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
    return kib === undefined ? undefined : Number(kib) * BYTES_PER_KIB / BYTES_PER_MB;
  } catch {
    return undefined; // it has ended
  }
}
