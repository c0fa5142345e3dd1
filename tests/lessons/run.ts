/**
 * Runs one lesson and prints what it shows.
 *
 *   deno task lesson       the list of lessons
 *   deno task lesson 05    the tests of lesson 05
 */

import { ROOT } from "../support/source_files.ts";
import { lessonNamed, lessons } from "./course.ts";
import config from "../../deno.json" with { type: "json" };

const USAGE_ERROR = 2;

/** What the `test` task allows is what a lesson may do. */
const PERMISSIONS = config.tasks.test.command.split(" ").filter((word) => /^--allow-/.test(word));

/** Runs the tests of one file in a process of its own, and answers its exit code. */
async function runTests(file: string): Promise<number> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["test", ...PERMISSIONS, `tests/lessons/${file}`],
    cwd: ROOT,
    env: { WAKEFUL_LESSON: "1" },
  }).spawn();
  return (await child.status).code;
}

async function main(words: readonly string[]): Promise<number> {
  if (words.length === 0) {
    for (const { number, title } of lessons()) console.log(`${number}  ${title}`);
    return 0;
  }
  try {
    return await runTests(lessonNamed(words).file);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    console.error(`lesson: ${error.message}; "deno task lesson" lists them`);
    return USAGE_ERROR;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
