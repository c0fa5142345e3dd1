import { type Co, moveOnAfter, now, pending } from "wakeful/runtime";
import { runTest } from "wakeful/testing";
import { assertEquals } from "../../../support/assert.ts";
import { recordingLogger } from "../../echo-server/served.ts";
import type { Backend, Beat } from "../../../../commands/job-queue/engine/backend.ts";
import { Heart } from "../../../../commands/job-queue/engine/heart.ts";
import { RunningJob } from "../../../../commands/job-queue/engine/running_job.ts";
import type { Verdict } from "../../../../commands/job-queue/model/command.ts";
import { NO_LOG } from "../service_rig.ts";

const LEASE_MS = 3_000;

/** What is known of jobs 1 and 2 after a while in which their heartbeats were answered so. */
async function beaten(answer: (beat: Beat) => Co<Verdict>, askEvery?: number, forMs = 3_500) {
  const beats: string[] = [];
  const { log, events } = recordingLogger();
  const jobs = new Map([1, 2].map((id): [number, RunningJob] => [id, jobOf(id)]));
  const heartbeat = (beat: Beat) => {
    beats.push(`${beat.id} at ${now()}${beat.progress === undefined ? "" : " with news"}`);
    return answer(beat);
  };
  await runTest(function* () {
    const options = { lease: LEASE_MS, workers: 2, askEvery, log };
    const heart = new Heart({ heartbeat } as Backend, jobs, options);
    yield* moveOnAfter(forMs, heart.run());
  });
  const endings = [...jobs.values()].map(({ ending }) => ending);
  const said = events.map(({ message, fields }) => `${message}: ${fields.job}`);
  return { beats, jobs, endings, said };
}

function jobOf(id: number): RunningJob {
  const claim = { id, epoch: 1, type: "t", queue: "q", key: "", payload: "{}" };
  return new RunningJob({ ...claim, attempt: 1, maxRetries: 3, timeout: 0 }, 0, NO_LOG);
}

function* answering(verdict: Verdict): Co<Verdict> {
  return verdict;
}

Deno.test("heart: a lease is renewed when a third of it is over, for all at once", async () => {
  const { beats, jobs } = await beaten(() => answering("ok"));
  const at = [1_000, 2_000, 3_000];
  assertEquals(beats, at.flatMap((at) => [`1 at ${at}`, `2 at ${at}`]));
  assertEquals([...jobs.values()].map(({ renewedAt }) => renewedAt), [3_000, 3_000]);
});

Deno.test("heart: a heartbeat without an answer is sent again, and holds up no other", async () => {
  const { beats, jobs } = await beaten(({ id }) => id === 1 ? never() : answering("ok"));
  assertEquals(beats, ["1 at 1000", "2 at 1000", "1 at 3000", "2 at 3000"]);
  assertEquals([...jobs.values()].map(({ renewedAt }) => renewedAt), [0, 3_000]);
});

Deno.test("heart: a job that was cancelled is told to end, one that was lost as well", async () => {
  const { endings, said } = await beaten(({ id }) => answering(id === 1 ? "cancelled" : "lost"));
  assertEquals(endings, ["cancelled", "lost"]);
  assertEquals(said, ["a lease was lost: somebody else has the job: 2"]); // once
});

Deno.test("heart: a heartbeat that fails is a line, and no other fails with it", async () => {
  const { beats, said } = await beaten(
    ({ id }) => id === 1 ? failing() : answering("ok"),
    1,
    1_001,
  );
  assertEquals([beats[0], beats[1]], ["1 at 1", "2 at 1"]);
  assertEquals([said[0], said.length > 1], ["cannot renew a lease: 1", true]);
});

function* failing(): Co<never> {
  throw new Error("no");
}

function* never(): Co<never> {
  return yield* pending();
}
