import type { Level } from "./level.ts";

/** What a field may hold: whatever JSON can, and errors. */
export type Field = string | number | boolean | null | undefined | Error;
export type Fields = Readonly<Record<string, Field>>;

/** Something that happened, with what is worth knowing about it. */
export interface TraceEvent {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly level: Level;
  /** Which part of the program speaks, as filters name it. */
  readonly module: string;
  readonly message: string;
  readonly fields: Fields;
}
