/** Who takes part. Adding one is one entry. */
import { resolve } from "node:path";
import { buildFolder, compileC, fetchFromNpm } from "../harness/build.ts";
import { BenchFailure } from "../harness/failure.ts";
import { runTool } from "../harness/tool.ts";
import type { EchoServer } from "./servers.ts";

/** Every ratio is taken against the loop in C. */
export const BASELINE = "c";
export const EPOLL = "wakeful-epoll";
export const DENO_DRIVER = "wakeful-deno";
export const DENO_LISTEN = "deno";
export const BUN = "bun";
export const TOKIO = "tokio";

const BUN_VERSION = "1.4.5";
const PEERS = resolve(import.meta.dirname!, "../peers");
const DEBIAN_CRATES = "/usr/share/cargo/registry";
const DENO = `Deno ${Deno.version.deno}`;

type Made = Omit<EchoServer, "name">;

/** An idle timeout that is armed as always, and not due while a slow machine holds 10,000 clients. */
const NOT_DUE = ["--idle-timeout", "1m"];

/**
 * Limits, timeouts and memory for young objects as anybody gets them from `deno task echo`; only
 * the most clients are more than by default.
 */
function wakeful(driver: string, ...permissions: string[]): () => Promise<Made> {
  const flags = ["--driver", driver, "--max-connections", "20000", "--port", "0"];
  const young = "--v8-flags=--max-semi-space-size=4";
  const args = [young, "--allow-env", ...permissions, "main.ts", "echo-server", ...flags];
  return deno(`wakeful echo-server --driver ${driver}, ${DENO}`, args, NOT_DUE);
}

function deno(about: string, args: string[], whenIdle?: string[]): () => Promise<Made> {
  const words = [Deno.execPath(), "run", "--quiet", "--no-check", "--allow-net", ...args];
  return () => Promise.resolve({ words, whenIdle, about });
}

async function cLoop(): Promise<Made> {
  const words = [await compileC("peers", "echo_epoll"), "0"];
  const compiler = await firstLine("cc", ["--version"]);
  return { words, about: `C, epoll, level triggered, ${compiler} -O2` };
}

/** From the crates that Debian installs: cargo finds them there and needs no network. */
async function tokio(): Promise<Made> {
  const folder = await buildFolder("tokio");
  await buildFolder("tokio/src");
  for (const file of ["Cargo.toml", "src/main.rs"]) {
    await Deno.copyFile(`${PEERS}/tokio/${file}`, `${folder}/${file}`);
  }
  const source = ["crates-io.replace-with='debian'", `debian.directory='${DEBIAN_CRATES}'`];
  const config = source.flatMap((setting) => ["--config", `source.${setting}`]);
  await runTool("cargo", ["build", "--release", "--offline", ...config], "it compiles tokio", {
    cwd: folder,
  });
  const lock = await Deno.readTextFile(`${folder}/Cargo.lock`);
  const version = /name = "tokio"\nversion = "(.+)"/.exec(lock)?.[1];
  const compiler = await firstLine("rustc", ["--version"]);
  const about = `tokio ${version}, current thread, ${compiler}`;
  return { words: [`${folder}/target/release/echo-tokio`, "0"], about };
}

async function go(): Promise<Made> {
  const program = `${await buildFolder()}/echo_go`;
  await runTool("go", ["build", "-o", program, `${PEERS}/echo.go`], "it compiles echo.go");
  return { words: [program, "0"], about: await firstLine("go", ["version"]) };
}

async function bun(): Promise<Made> {
  const program = await fetchFromNpm("bun", BUN_VERSION, "bun");
  const about = `Bun ${await firstLine(program, ["--version"])}, Bun.listen`;
  return { words: [program, "bench/peers/bun_listen.mjs", "0"], about };
}

async function node(): Promise<Made> {
  const version = await firstLine("node", ["--version"]);
  // Where there is no Node, Deno may put itself in its place.
  if (!version.startsWith("v")) throw new BenchFailure("node is needed and not installed");
  const about = `Node ${version}, node:net`;
  return { words: ["node", "bench/peers/node_net.mjs", "0"], about };
}

async function firstLine(command: string, args: string[]): Promise<string> {
  return (await runTool(command, args, "its version")).split("\n")[0];
}

const lineup = new Map<string, () => Promise<Made>>([
  [EPOLL, wakeful("epoll", "--allow-ffi")],
  [DENO_DRIVER, wakeful("deno")],
  [BASELINE, cLoop],
  [TOKIO, tokio],
  ["go", go],
  [BUN, bun],
  [DENO_LISTEN, deno(`${DENO}, Deno.listen`, ["bench/peers/deno_listen.ts", "0"])],
  ["deno-node", deno(`${DENO}, node:net`, ["bench/peers/node_net.mjs", "0"])],
  ["node", node],
]);

export function serverNames(): string[] {
  return [...lineup.keys()];
}

/** Those that can be made here; the others, and why they cannot. */
export interface Present {
  servers: EchoServer[];
  absent: string[];
}

/** Compiles and fetches what the named ones need. Who cannot be made is reported as absent. */
export async function makeServers(names: string[]): Promise<Present> {
  const present: Present = { servers: [], absent: [] };
  for (const name of names) {
    try {
      present.servers.push({ name, ...await lineup.get(name)!() });
    } catch (error) {
      if (!(error instanceof BenchFailure)) throw error;
      present.absent.push(`${name} is absent: ${error.message.split("\n")[0]}`);
    }
  }
  return present;
}
