import { badRequest } from "./refusal.ts";

/** No honest payload is nested so deep, and what reads it later may not bear it. */
const DEEPEST = 64;

const [QUOTE, BACKSLASH] = ['"', "\\"].map((character) => character.charCodeAt(0));
const OPENING = ["[", "{"].map((character) => character.charCodeAt(0));
const CLOSING = ["]", "}"].map((character) => character.charCodeAt(0));

/** What a text of JSON says. @throws {Refusal} when it is none, or nested too deep */
export function parseJson(text: string): unknown {
  if (text.trim() === "") throw badRequest("expected a JSON body, got an empty one");
  if (depthOf(text) > DEEPEST) throw badRequest(`expected JSON of at most ${DEEPEST} levels`);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badRequest(`the body is no JSON: ${error instanceof Error ? error.message : error}`);
  }
}

/** How deep brackets are nested outside of strings; of what is no JSON, anything. */
function depthOf(text: string): number {
  let [depth, deepest, inString] = [0, 0, false];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (inString) {
      if (code === BACKSLASH) i++;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) inString = true;
    else if (code === OPENING[0] || code === OPENING[1]) deepest = Math.max(deepest, ++depth);
    else if (code === CLOSING[0] || code === CLOSING[1]) depth--;
  }
  return deepest;
}
