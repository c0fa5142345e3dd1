/** How much an event matters, most important first. */
export const LEVELS = ["error", "warn", "info", "debug", "trace"] as const;

export type Level = typeof LEVELS[number];

/** Levels as numbers, 0 for the most important: what is hidden costs one comparison. */
export const RANKS: Readonly<Record<Level, number>> = {
  error: 0,
  warn: 1,
  info: 2,
  debug: 3,
  trace: 4,
};

/** Whether `level` is shown where everything down to `least` is. */
export function reaches(level: Level, least: Level): boolean {
  return RANKS[level] <= RANKS[least];
}

export function isLevel(word: string): word is Level {
  return (LEVELS as readonly string[]).includes(word);
}
