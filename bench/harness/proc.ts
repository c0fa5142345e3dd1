/** What Linux says about a process and about the CPUs, from `/proc`. */

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
    times.set(thread, await ranUs(`${pid}/task/${thread}`));
  }
  return times;
}

/** How often each living thread has gone to sleep by itself; each time something woke it again. */
export async function threadSleeps(pid: number): Promise<Map<string, number>> {
  const sleeps = new Map<string, number>();
  for await (const { name: thread } of Deno.readDir(`/proc/${pid}/task`)) {
    const status = await Deno.readTextFile(`/proc/${pid}/task/${thread}/status`);
    sleeps.set(thread, Number(/^voluntary_ctxt_switches:\s+(\d+)$/m.exec(status)?.[1]));
  }
  return sleeps;
}

/** What all threads together have added since `before`: those that ended are left out. */
export function added(before: Map<string, number>, now: Map<string, number>): number {
  let sum = 0;
  for (const [thread, count] of now) sum += count - (before.get(thread) ?? 0);
  return sum;
}

/** The time the CPUs have spent on anything, for anyone, other machines' theft included. */
export async function busyUs(cpus: number[]): Promise<number> {
  const lines = (await Deno.readTextFile("/proc/stat")).split("\n");
  let ticks = 0;
  for (const cpu of cpus) {
    const words = lines.find((line) => line.startsWith(`cpu${cpu} `))!.split(" ");
    const [user, nice, system, _idle, _ioWait, irq, softIrq, stolen] = words.slice(1).map(Number);
    ticks += user + nice + system + irq + softIrq + stolen;
  }
  return ticks * TICK_US;
}

async function ranUs(task: string): Promise<number> {
  const [ranNs] = (await Deno.readTextFile(`/proc/${task}/schedstat`)).split(" ");
  return Number(ranNs) / NS_PER_US;
}

/** Physical memory the process occupies, in bytes. */
export async function residentBytes(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return Number(kib) * BYTES_PER_KIB;
}
