/** The lessons of the course, as they lie in this folder. */

/** One lesson: a file of tests that are the worked answers to its exercises. */
export interface Lesson {
  /** Two digits. */
  readonly number: string;
  /** What its opening comment says it is about. */
  readonly title: string;
  readonly file: string;
}

const FOLDER = new URL("./", import.meta.url);
const FILE_NAME = /^lesson_(\d\d)_\w+_test\.ts$/;
const OPENING = /^\/\*\*\s+(?:\* )?Lesson (\d\d), (.+?)\.?(?: \*\/)?$/m;

/** All lessons, in their order. */
export function lessons(): Lesson[] {
  return Array.from(Deno.readDirSync(FOLDER), ({ name }) => name)
    .filter((name) => FILE_NAME.test(name))
    .sort()
    .map((file) => ({ number: FILE_NAME.exec(file)![1], title: titleOf(file), file }));
}

/**
 * The one lesson that `words` name: its number, with or without the leading zero.
 *
 * @throws {RangeError} when they name none; its message is for whoever typed them
 */
export function lessonNamed(words: readonly string[]): Lesson {
  const [word] = words;
  if (words.length !== 1 || !/^\d{1,2}$/.test(word)) {
    throw new RangeError(
      `expected the number of one lesson, got ${JSON.stringify(words.join(" "))}`,
    );
  }
  const found = lessons().find(({ number }) => number === word.padStart(2, "0"));
  if (found === undefined) throw new RangeError(`there is no lesson ${word}`);
  return found;
}

function titleOf(file: string): string {
  const text = Deno.readTextFileSync(new URL(file, FOLDER));
  return OPENING.exec(text)?.[2] ?? "";
}
