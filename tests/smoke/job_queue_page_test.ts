/** The page of the job queue in a browser, where there is one. */

import { chromium } from "playwright-core";
import { assertEquals } from "../support/assert.ts";
import { ORIGIN, ServerProcess } from "./tool_process.ts";

const BROWSER = "/usr/bin/chromium";
const TOKEN = "secret";

const HANDLERS = `
  let isBroken = true;
  export function mend() { isBroken = false; }
  export function fragile() {
    if (isBroken) throw Object.assign(new Error("<b>broken</b>"), { fatal: true });
    return "mended";
  }
`;

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

Deno.test({
  name: `job-queue ${ORIGIN}: the page shows jobs live, retries a dead one, pauses a queue`,
  ignore: !isThere(BROWSER),
  sanitizeOps: false, // the browser's own
  sanitizeResources: false,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const handlers = `${folder}/handlers.js`;
    await Deno.writeTextFile(handlers, HANDLERS);
    const flags = ["--port", "0", "--db", ":memory:", "--handlers", handlers, "--token", TOKEN];
    await using server = new ServerProcess("job-queue", "serve", ...flags);
    const url = `http://127.0.0.1:${await server.listening()}`;
    const headers = { "Content-Type": "application/json", Authorization: `Bearer ${TOKEN}` };
    const put = async (job: object) => {
      await (await fetch(`${url}/jobs`, { method: "POST", headers, body: JSON.stringify(job) }))
        .text();
    };
    const browser = await chromium.launch({ executablePath: BROWSER, args: ["--no-sandbox"] });
    try {
      const httpCredentials = { username: "anybody", password: TOKEN };
      const page = await browser.newPage({ httpCredentials });
      const errors: string[] = [];
      page.on("pageerror", (error) => errors.push(error.message));
      await page.goto(url);
      await page.getByText("works").waitFor();
      await put({ type: "delay", ms: 1_500 });
      await page.locator("#jobs").getByText("delay").waitFor();
      await page.getByRole("button", { name: "completed 1" }).click();
      await page.locator("#jobs").getByText("delay").waitFor();
      await put({ type: "fragile" });
      await page.getByRole("button", { name: "dead 1" }).click();
      await page.locator("#jobs").getByText("fragile").click();
      const detail = page.locator("#detail");
      await detail.getByText("<b>broken</b>").waitFor(); // as text, whatever it is
      await put({ type: "mend" });
      await page.getByRole("button", { name: "completed 2" }).waitFor({ state: "attached" });
      await detail.getByRole("button", { name: "Retry" }).click();
      await detail.getByText('"mended"').waitFor();
      await detail.getByRole("button", { name: "Close" }).click();
      await page.getByRole("button", { name: "Pause" }).click();
      await page.getByRole("button", { name: "Resume" }).waitFor();
      assertEquals(errors, []);
    } finally {
      await browser.close();
      await Deno.remove(folder, { recursive: true });
    }
  },
});
