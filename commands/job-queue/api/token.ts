import { Refusal } from "./refusal.ts";

const UTF8 = new TextEncoder();
const BEARER = /^Bearer +(\S+) *$/i;
const BASIC = /^Basic +(\S+) *$/i;

/**
 * Whether a request may go on: it has to name the token, as a bearer or, since browsers ask people
 * for that, as the password of basic authentication.
 *
 * @throws {Refusal} 401 when it does not
 */
export function checkToken(token: string | undefined, authorization: string | undefined): void {
  if (token === undefined) return;
  const given = authorization === undefined ? undefined : tokenIn(authorization);
  if (given !== undefined && isSame(UTF8.encode(given), UTF8.encode(token))) return;
  throw new Refusal(
    401,
    "unauthorized",
    given === undefined ? "expected a token: Authorization: Bearer TOKEN" : "the token is wrong",
    { "WWW-Authenticate": 'Basic realm="job-queue"' },
  );
}

function tokenIn(authorization: string): string | undefined {
  const bearer = BEARER.exec(authorization);
  if (bearer !== null) return bearer[1];
  const basic = BASIC.exec(authorization);
  if (basic === null) return undefined;
  try {
    const decoded = atob(basic[1]);
    return decoded.slice(decoded.indexOf(":") + 1);
  } catch {
    return undefined;
  }
}

/** Takes as long whatever is given, so that nobody can guess it byte by byte. */
function isSame(given: Uint8Array, expected: Uint8Array): boolean {
  let difference = given.length ^ expected.length;
  for (let i = 0; i < expected.length; i++) {
    difference |= expected[i] ^ (given[i % (given.length || 1)] ?? 0);
  }
  return difference === 0;
}
