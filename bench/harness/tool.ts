/** Tools of the system, run to their end. */
import { BenchFailure } from "./failure.ts";

/** What the tool printed. Throws one clear line when it is missing or fails. */
export async function runTool(
  command: string,
  args: string[],
  purpose: string,
  options: Deno.CommandOptions = {},
): Promise<string> {
  const { success, stdout, stderr } = await output(command, { ...options, args });
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  if (success) return text(stdout);
  throw new BenchFailure(`${command} failed (${purpose}): ${text(stderr)}`);
}

async function output(command: string, options: Deno.CommandOptions): Promise<Deno.CommandOutput> {
  try {
    return await new Deno.Command(command, options).output();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new BenchFailure(`${command} is needed and not installed`);
  }
}
