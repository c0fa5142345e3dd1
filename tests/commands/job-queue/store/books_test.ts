import { assertEquals } from "../../../support/assert.ts";
import type { Job, JobState } from "../../../../commands/job-queue/model/job.ts";
import { jobSpec } from "../../../../commands/job-queue/model/spec.ts";
import { Books } from "../../../../commands/job-queue/store/books.ts";
import { MemoryTable } from "../../../../commands/job-queue/store/memory_table.ts";
import type { Lane } from "../../../../commands/job-queue/store/queue_book.ts";
import { START } from "./rig.ts";

const HOUR_MS = 3_600_000;
const SCHEDULE = {
  ...{ name: "daily", cron: "0 0 * * *", timezone: "UTC" },
  ...{ spec: jobSpec("noop"), next: START },
};

/** Counts a job of that lane from one state to another; of a job, books look at nothing else. */
function count(books: Books, lane: Lane, from: JobState | undefined, to: JobState | undefined) {
  books.moved({ queue: lane.queue.name, lane: lane.id } as Job, from, to);
}

/** What is written down, but for when. */
function notes(table: MemoryTable): Record<string, unknown> {
  const notes = [...table.notes()].map(([name, text]) => [name, JSON.parse(text)]);
  return Object.fromEntries(notes.filter(([name]) => name !== "time"));
}

function noted(table: MemoryTable): string[] {
  return [...table.notes()].map(([name]) => name);
}

Deno.test("books: queues and lanes are made when they are asked for, and stay the same", () => {
  const books = new Books(new MemoryTable());
  const lane = books.lane("q", "t", "ann");
  assertEquals([lane.id, lane.queue === books.queue("q"), lane.share.key], [1, true, "ann"]);
  assertEquals(books.lane("q", "t", "ann") === lane, true);
  const others = [
    books.lane("p", "t", "ann"),
    books.lane("q", "u", "ann"),
    books.lane("q", "t", ""),
  ];
  assertEquals(others.map(({ id }) => id), [2, 3, 4]);
  assertEquals([...lane.share.lanes], [lane, others[1]]);
  assertEquals([others[1].share === lane.share, others[0].share === lane.share], [true, false]);
});

Deno.test("books: a job is counted in its queue, lane, share and type", () => {
  const books = new Books(new MemoryTable());
  const lane = books.lane("q", "t", "ann");
  const counted = () => {
    const { queue, share } = lane;
    const { scheduled, pending, running, completed } = queue.counts;
    return [
      [scheduled, pending, running, completed],
      [lane.scheduled, lane.pending, lane.running],
      [share.pending, share.running, queue.type("t").running],
    ];
  };
  count(books, lane, undefined, "scheduled");
  assertEquals(counted(), [[1, 0, 0, 0], [1, 0, 0], [0, 0, 0]]);
  count(books, lane, "scheduled", "pending");
  assertEquals(counted(), [[0, 1, 0, 0], [0, 1, 0], [1, 0, 0]]);
  count(books, lane, "pending", "running");
  assertEquals(counted(), [[0, 0, 1, 0], [0, 0, 1], [0, 1, 1]]);
  count(books, lane, "running", "completed");
  assertEquals(counted(), [[0, 0, 0, 1], [0, 0, 0], [0, 0, 0]]);
  count(books, lane, "completed", undefined);
  assertEquals(counted(), [[0, 0, 0, 0], [0, 0, 0], [0, 0, 0]]);
});

Deno.test("books: a share stands in line from its first pending job on", () => {
  const books = new Books(new MemoryTable());
  const lane = books.lane("q", "t", "ann");
  count(books, lane, undefined, "scheduled");
  assertEquals(lane.queue.turns.size, 0);
  count(books, lane, "scheduled", "pending");
  assertEquals([...lane.queue.turns], [lane.share]);
});

Deno.test("books: a job that is over is not counted in whatever has its lane's number now", () => {
  const table = new MemoryTable();
  const gone = new Books(table).lane("q", "t", "ann");
  const books = new Books(table); // that lane had nothing in it, and was not written down
  const lane = books.lane("q", "other", "");
  assertEquals(lane.id, gone.id);
  books.queue("q").counts.completed = 1;
  count(books, gone, "completed", undefined);
  assertEquals([books.queue("q").counts.completed, notes(table)], [0, {}]);
  books.flush(START);
  assertEquals(noted(table), ["queue/q", "time"]);
});

Deno.test("books: what has changed is written down, and nothing else", () => {
  const table = new MemoryTable();
  const books = new Books(table);
  const lane = books.lane("q", "t", "ann");
  count(books, lane, undefined, "pending");
  lane.share.usedUpTo = 7;
  books.flush(START);
  assertEquals(notes(table), {
    "lane/1": ["q", "t", "ann", 0, 1, 0, 7],
    "queue/q": {
      ...{ paused: false, limits: { queue: {}, types: {}, key: {} }, usedUpTo: 0, types: {} },
      counts: { scheduled: 0, pending: 1, running: 0, completed: 0, dead: 0, cancelled: 0 },
      totals: { enqueued: 0, completed: 0, failed: 0, pruned: 0, late: 0 },
    },
  });
  assertEquals(new Books(table).time, START);
  for (const name of noted(table)) table.setNote(name, undefined);
  books.flush(START + 1);
  assertEquals(noted(table), []);
  books.touch(books.queue("other"));
  books.flush(START + 1);
  assertEquals(noted(table), ["queue/other", "time"]);
});

Deno.test("books: everything is there again in the next life", () => {
  const table = new MemoryTable();
  const books = new Books(table);
  const [lane, other] = [books.lane("q", "t", "ann"), books.lane("q", "u", "ann")];
  for (const to of ["scheduled", "pending", "pending", "running"] as const) {
    count(books, lane, undefined, to);
  }
  count(books, other, undefined, "pending");
  lane.share.usedUpTo = 9;
  lane.queue.paused = true;
  books.setSchedule(SCHEDULE);
  books.announce(["resize"], START);
  books.noteJump(-5);
  books.flush(START);

  const again = new Books(table);
  const found = again.lane("q", "t", "ann");
  assertEquals([found.id, found.scheduled, found.pending, found.running], [lane.id, 1, 2, 1]);
  const { pending, running, usedUpTo } = found.share;
  assertEquals([pending, running, usedUpTo], [3, 1, 9]);
  const { queue } = found;
  assertEquals([queue.paused, queue.counts, queue.type("t").running], [true, lane.queue.counts, 1]);
  assertEquals([...queue.turns], [found.share]);
  assertEquals([...again.schedules.values()], [SCHEDULE]);
  assertEquals([...again.announced], [["resize", START]]);
  assertEquals([again.jumped, again.time], [-5, START]);
  assertEquals(again.lane("q", "new", "").id, other.id + 1);
});

Deno.test("books: all jumps of the clock are one number", () => {
  const table = new MemoryTable();
  const books = new Books(table);
  books.noteJump(HOUR_MS);
  books.noteJump(-2 * HOUR_MS);
  assertEquals([books.jumped, notes(table)], [-HOUR_MS, { jumped: -HOUR_MS }]);
});

Deno.test("books: a schedule is written down, and gone when it is removed", () => {
  const table = new MemoryTable();
  const books = new Books(table);
  books.setSchedule(SCHEDULE);
  assertEquals(notes(table), { "schedule/daily": SCHEDULE });
  assertEquals([books.removeSchedule("daily"), books.removeSchedule("daily")], [true, false]);
  assertEquals([books.schedules.size, notes(table)], [0, {}]);
});

Deno.test("books: types are written down when they are new, or an hour old", () => {
  const table = new MemoryTable();
  const books = new Books(table);
  const announced = () => notes(table).announced;
  books.announce(["a", "b"], START);
  assertEquals(announced(), [["a", START], ["b", START]]);
  books.announce(["a"], START + HOUR_MS - 1);
  assertEquals(announced(), [["a", START], ["b", START]]);
  books.announce(["a"], START + HOUR_MS);
  assertEquals(announced(), [["a", START + HOUR_MS], ["b", START]]);
  books.announce(["a", "c"], START + HOUR_MS + 1);
  assertEquals(announced(), [["a", START + HOUR_MS + 1], ["b", START], ["c", START + HOUR_MS + 1]]);
});

Deno.test("books: types that were announced before then are forgotten", () => {
  const table = new MemoryTable();
  const books = new Books(table);
  books.forgetAnnounced(START);
  assertEquals(notes(table), {});
  books.announce(["a"], START);
  books.announce(["b"], START + 1);
  books.forgetAnnounced(START + 1);
  assertEquals([[...books.announced.keys()], notes(table)], [["b"], {
    announced: [["b", START + 1]],
  }]);
});

Deno.test("books: a queue whose turn is over is the last", () => {
  const books = new Books(new MemoryTable());
  const [first] = ["a", "b", "c"].map((name) => books.queue(name));
  books.putLast(first);
  assertEquals([...books.queues.keys()], ["b", "c", "a"]);
  assertEquals(books.queue("a") === first, true);
});

Deno.test("books: lanes without a live job are forgotten", () => {
  const table = new MemoryTable();
  const books = new Books(table);
  const empty = books.lane("q", "t", "ann");
  count(books, empty, undefined, "running");
  count(books, empty, "running", "completed");
  const live = (["scheduled", "pending", "running"] as const).map((state) => {
    const lane = books.lane("q", state, "");
    count(books, lane, undefined, state);
    return lane.id;
  });
  books.flush(START);
  books.sweep(START);
  assertEquals([...books.lanes.keys()], live);
  assertEquals(noted(table).filter((name) => name === `lane/${empty.id}`), []);
  const again = books.lane("q", "t", "ann");
  assertEquals([again.id, again.share === empty.share], [5, false]);
});

Deno.test("books: a queue of which nothing is left is forgotten, and what it has seen is not", () => {
  const table = new MemoryTable();
  const books = new Books(table);
  const lane = books.lane("gone", "t", "");
  count(books, lane, undefined, "pending");
  count(books, lane, "pending", "completed");
  Object.assign(books.queue("gone").totals, { enqueued: 1, completed: 1 });
  count(books, books.lane("left", "t", ""), undefined, "dead");
  books.flush(START);
  books.sweep(START);
  assertEquals([...books.queues.keys()], ["gone", "left"]);
  books.moved({ queue: "gone" } as Job, "completed", undefined);
  books.queue("gone").totals.pruned++;
  books.sweep(START + 10_000);
  books.flush(START + 10_000);
  const seen = { enqueued: 1, completed: 1, failed: 0, pruned: 1, late: 0 };
  for (const each of [books, new Books(table)]) {
    assertEquals([[...each.queues.keys()], each.forgotten], [["left"], seen]);
  }
});

Deno.test("books: a lane whose rate still counts is kept until it does not", () => {
  const books = new Books(new MemoryTable());
  books.lane("q", "t", "ann").share.usedUpTo = START + 10_000;
  books.sweep(START);
  assertEquals(books.lanes.size, 1);
  books.sweep(START + 10_000);
  assertEquals(books.lanes.size, 0);
});

Deno.test("books: lanes are looked through every ten seconds, or when the clock was set back", () => {
  const books = new Books(new MemoryTable());
  const left = (at: number) => {
    books.lane("q", "t", "");
    books.sweep(at);
    return books.lanes.size;
  };
  assertEquals([left(START), left(START + 9_999), left(START + 10_000)], [0, 1, 0]);
  assertEquals([left(START + 1), left(START)], [1, 0]);
});
