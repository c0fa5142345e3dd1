const NAME = /^[\p{L}\p{N}_.:@-]+$/u;
const LONGEST_NAME = 64;
const CONTROL = /\p{C}/u;
const LONGEST_KEY = 200;

/** What a queue, a type, a worker or a schedule may be called; completes "expected …". */
export const A_NAME = `1 to ${LONGEST_NAME} letters, digits, "_", ".", ":", "@" or "-"`;
/** What a key may be; completes "expected …". */
export const A_KEY = `1 to ${LONGEST_KEY} characters that can be seen`;

/** Names come from strangers, and end up in tables, pages and metrics. */
export function isName(word: unknown): word is string {
  return typeof word === "string" && word.length <= LONGEST_NAME && NAME.test(word);
}

/** Whether it can say whose a job is, or which one: the numbers and names of other systems. */
export function isKey(word: unknown): word is string {
  return typeof word === "string" && word !== "" && word.length <= LONGEST_KEY &&
    !CONTROL.test(word);
}
