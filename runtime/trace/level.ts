/** How much an event matters, most important first. */
export const LEVELS = ["error", "warn", "info", "debug", "trace"] as const;

export type Level = typeof LEVELS[number];

/** Whether `level` is shown where everything down to `least` is. */
export function reaches(level: Level, least: Level): boolean {
  return LEVELS.indexOf(level) <= LEVELS.indexOf(least);
}

export function isLevel(word: string): word is Level {
  return (LEVELS as readonly string[]).includes(word);
}
