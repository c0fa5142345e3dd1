/** What Linux says about a process, from `/proc`. */

/** CPU time of a process since its start, in microseconds. */
export interface CpuTimes {
  userUs: number;
  systemUs: number;
}

/** `/proc/PID/stat` counts in ticks of 1/100 s, whatever the kernel's own tick is. */
const TICK_US = 10_000;

/** Fields of `/proc/PID/stat`, counted from the one after the name (which may hold spaces). */
const USER_FIELD = 11;
const SYSTEM_FIELD = 12;

const BYTES_PER_KIB = 1024;
const NS_PER_US = 1000;

/** CPU time of all threads, split in user and system, in steps of a tick. */
export async function cpuTimes(pid: number): Promise<CpuTimes> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return {
    userUs: Number(fields[USER_FIELD]) * TICK_US,
    systemUs: Number(fields[SYSTEM_FIELD]) * TICK_US,
  };
}

/** CPU time of each living thread in microseconds: exact where {@linkcode cpuTimes} has ticks. */
export async function threadCpuUs(pid: number): Promise<Map<string, number>> {
  const times = new Map<string, number>();
  for await (const { name: thread } of Deno.readDir(`/proc/${pid}/task`)) {
    times.set(thread, (await schedstat(`${pid}/task/${thread}`)).ranUs);
  }
  return times;
}

/** How long the main thread was ready to run while something else had its CPU, in microseconds. */
export async function waitedUs(pid: number): Promise<number> {
  return (await schedstat(String(pid))).waitedUs;
}

async function schedstat(task: string): Promise<{ ranUs: number; waitedUs: number }> {
  const text = await Deno.readTextFile(`/proc/${task}/schedstat`);
  const [ranNs, waitedNs] = text.split(" ").map(Number);
  return { ranUs: ranNs / NS_PER_US, waitedUs: waitedNs / NS_PER_US };
}

/** Physical memory the process occupies, in bytes. */
export async function residentBytes(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return Number(kib) * BYTES_PER_KIB;
}
