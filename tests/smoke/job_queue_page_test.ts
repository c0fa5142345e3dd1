/** The page of the job queue in a browser, where there is one. */

import { chromium, type Page } from "playwright-core";
import { assertEquals } from "../support/assert.ts";
import { ORIGIN, ServerProcess } from "./tool_process.ts";

const BROWSER = "/usr/bin/chromium";
const TOKEN = "secret";
/** What a press may take to show. */
const PRESS_MS = 5_000;

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

/** Runs a test with the page of a server that has these flags. */
function withPage(
  flags: readonly string[],
  test: (page: Page, put: (job: object) => Promise<void>) => Promise<void>,
): () => Promise<void> {
  return async () => {
    const all = ["--port", "0", "--db", ":memory:", "--token", TOKEN, ...flags];
    await using server = new ServerProcess("job-queue", "serve", ...all);
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
      await test(page, put);
      assertEquals(errors, []);
    } finally {
      await browser.close();
    }
  };
}

const BROWSER_TEST = {
  ignore: !isThere(BROWSER),
  sanitizeOps: false, // the browser's own
  sanitizeResources: false,
};

Deno.test({
  name: `job-queue ${ORIGIN}: the page shows jobs live, retries a dead one, pauses a queue`,
  ...BROWSER_TEST,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const handlers = `${folder}/handlers.js`;
    await Deno.writeTextFile(handlers, HANDLERS);
    try {
      await withPage(["--handlers", handlers], async (page, put) => {
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
      })();
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test({
  name: `job-queue ${ORIGIN}: every press of a button takes effect, however much happens`,
  ...BROWSER_TEST,

  fn: withPage([], async (page, put) => {
    await put({ type: "noop", options: { queue: "a-quiet-one" } });
    let isBusy = true;
    const load = (async () => {
      while (isBusy) {
        await put({ type: "delay", ms: 150 });
        await page.waitForTimeout(60);
      }
    })();
    const row = page.locator("#queues tr", { hasText: "a-quiet-one" });
    try {
      for (const label of Array(5).fill(["Pause", "Resume"]).flat()) {
        const button = row.getByRole("button", { name: label });
        await button.hover({ timeout: PRESS_MS });
        await page.mouse.down();
        await page.waitForTimeout(120);
        await page.mouse.up();
        await button.waitFor({ state: "detached", timeout: PRESS_MS });
      }
    } finally {
      isBusy = false;
      await load;
    }
  }),
});
