import { assert, assertEquals, assertMatch } from "../../support/assert.ts";
import {
  DashboardPicture,
  sparkline,
  type Status,
} from "../../../commands/job-queue/dashboard_picture.ts";

const QUEUE = { name: "default", paused: false, pending: 2, scheduled: 0, running: 2, dead: 0 };
const STATUS: Status = {
  ...{ pending: 2, scheduled: 0, running: 2, completed: 10, failed: 1, dead: 0 },
  ...{ workers: 4, busy: 2, throughput: 5, oldestPendingMs: 12.4, queues: [QUEUE] },
};

Deno.test("sparkline: the greatest value is a full block, and only the latest are shown", () => {
  assertEquals(sparkline([0, 4, 8], 10), "▁▅█");
  assertEquals(sparkline([0, 0], 10), "▁▁");
  assertEquals(sparkline([9, 1, 2], 2), "▅█");
});

Deno.test("dashboard picture: what was completed is told by the second", () => {
  const picture = new DashboardPicture();
  assertEquals(picture.lines(80), []);
  for (const completed of [10, 15, 15]) picture.add({ ...STATUS, completed });
  const [, depth, speed, workers] = picture.lines(80);
  assertMatch(depth, /^depth +4 ███$/);
  assertMatch(speed, /^completed\/s +0 ▁█▁$/);
  assertMatch(workers, /^workers \[={5} {5}\] 2 of 4 busy, the oldest has waited 12 ms$/);
});

Deno.test("dashboard picture: no line is wider than the terminal, and there are not too many", () => {
  const queues = Array.from({ length: 30 }, (_, i) => ({
    ...QUEUE,
    name: `a queue with a long name, ${i}`,
    paused: i === 0,
  }));
  const picture = new DashboardPicture();
  for (let i = 0; i < 300; i++) picture.add({ ...STATUS, queues });
  for (const columns of [20, 40, 80, 200]) {
    for (const line of picture.lines(columns)) assert(line.length <= columns, line);
  }
  assertEquals(picture.lines(80).at(-1), "and 20 more");
});
