/** The cases, how large each is, and what wakeful has to reach in it. */
import type { Bar } from "./bars.ts";

export interface Case {
  name: string;
  title: string;
  unit: string;
  /** Digits after the point. */
  digits: number;
  /** What a sample is divided by to be in `unit`. */
  scale?: number;
  /** How many operations a sample has. */
  count: number;
  /** For contestants that would take minutes. */
  fewer?: Readonly<Record<string, number>>;
  warmups: number;
  samples: number;
  bars: Bar[];
}

/** Runs that last a tenth of a second: four make the code hot, the median of five is steady. */
const BRIEF = { unit: "ns", digits: 0, warmups: 4, samples: 5 };
/** Runs that last half a second. */
const SLEEPY = { unit: "ns", digits: 0, count: 100_000, warmups: 3, samples: 3 };
/** Runs that last seconds, and leave a gigabyte to collect: one to a process. */
const LONG = { warmups: 0, samples: 1 };
const NS_PER_US = 1000;

export const cases: Case[] = [
  {
    ...BRIEF,
    name: "yield",
    title: "give way",
    count: 500_000,
    fewer: { effect: 50_000, effection: 50_000 },
    bars: [{ most: 5, of: "native" }, { faster: 20, than: "effect" }],
  },
  {
    ...BRIEF,
    name: "hop",
    title: "ping-pong, a hop",
    count: 500_000,
    fewer: { effect: 50_000, effection: 50_000 },
    bars: [{ most: 2.2, of: "native" }],
  },
  {
    ...BRIEF,
    name: "channel-hop",
    title: "ping-pong over two channels, a hop",
    count: 300_000,
    fewer: { effect: 30_000, effection: 30_000 },
    bars: [],
  },
  {
    ...BRIEF,
    name: "mpsc",
    title: "bounded channel, 4 producers, a message",
    count: 400_000,
    fewer: { effect: 40_000 },
    bars: [{ faster: 3, than: "native" }],
  },
  {
    ...BRIEF,
    name: "unbounded",
    title: "unbounded channel, 1 producer, a message",
    count: 400_000,
    fewer: { effect: 100_000, effection: 40_000 },
    bars: [],
  },
  {
    ...BRIEF,
    name: "ready",
    title: "await what is ready",
    count: 2_000_000,
    bars: [],
  },
  {
    ...BRIEF,
    name: "spawn",
    title: "spawn and join",
    count: 100_000,
    fewer: { effection: 2000 },
    bars: [{ faster: 1.4, than: "effect" }],
  },
  {
    ...BRIEF,
    name: "spawn-await",
    title: "spawn and join, with an await",
    count: 100_000,
    fewer: { effect: 50_000, effection: 2000 },
    bars: [{ faster: 3, than: "effect" }],
  },
  {
    ...SLEEPY,
    name: "sleepers",
    title: "100,000 sleep 1–100 ms, each, by the clock",
    fewer: { effection: 5000 },
    bars: [{ faster: 3, than: "native" }],
  },
  {
    ...SLEEPY,
    name: "sleepers-cpu",
    title: "100,000 sleep 1–100 ms, each, CPU time",
    fewer: { effection: 5000 },
    bars: [],
  },
  {
    ...BRIEF,
    name: "wheel",
    title: "set a timer and cancel it",
    count: 500_000,
    fewer: { native: 100_000 },
    bars: [
      { under: 150 },
      { under: 150, by: "live_1m" },
      { most: 1.5, of: "wakeful", by: "live_1m" },
    ],
  },
  {
    name: "idle-task",
    title: "heap of a task that waits",
    unit: "bytes",
    digits: 0,
    count: 100_000,
    fewer: { effection: 5000 },
    warmups: 1,
    samples: 3,
    bars: [{ under: 1024 }],
  },
  {
    ...LONG,
    name: "notified",
    title: "a million begin, wait, are woken and joined",
    unit: "s",
    digits: 2,
    scale: NS_PER_US,
    count: 1_000_000,
    fewer: { effect: 100_000, effection: 2000 },
    bars: [{ under: 3 }],
  },
];
