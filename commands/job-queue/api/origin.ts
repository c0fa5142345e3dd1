import { quote } from "../../cli/quote.ts";
import { Refusal } from "./refusal.ts";

const READING = ["GET", "HEAD"];
/** What a browser says of a request that the page itself, or whoever uses the browser, has made. */
const OWN = ["same-origin", "none"];

/** The fields of a request. */
interface RequestFields {
  get(name: string): string | undefined;
}

/**
 * Whether a request that changes something may go on: a page elsewhere may have a browser send one
 * unasked, and the browser adds the password that it knows. It says where the page is from, and
 * older ones at least its origin; programs say neither.
 *
 * @throws {Refusal} 403 when it comes from a page elsewhere
 */
export function checkOrigin(method: string, fields: RequestFields): void {
  if (READING.includes(method)) return;
  const site = fields.get("sec-fetch-site");
  const origin = fields.get("origin");
  const isOwn = site === undefined
    ? origin === undefined || hostOf(origin) === fields.get("host")?.toLowerCase()
    : OWN.includes(site);
  if (isOwn) return;
  const whose = quote(origin ?? site!);
  throw new Refusal(403, "forbidden", `a page elsewhere may change nothing here: ${whose}`);
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
