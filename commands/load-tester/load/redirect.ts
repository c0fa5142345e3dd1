import { FollowError } from "../measure/failure_class.ts";
import type { Routes } from "../target/route.ts";
import type { Redirection } from "../target/target.ts";
import { readWebAddress } from "../target/web_address.ts";

/** Where a redirect leads, and how to ask there. */
export interface Hop extends Redirection {
  /** The whole URL, for the next hop's relative one. */
  readonly url: string;
}

const SEE_OTHER = 303;
/** What browsers do, and RFC 9110 §15.4 allows: a POST that was moved is asked for with a GET. */
const MAY_BECOME_GET: readonly number[] = [301, 302];

/**
 * The request that follows an answer.
 *
 * @throws {RequestError} when it leads nowhere that can be asked
 */
export function hop(
  from: { readonly url: string; readonly method: string },
  answer: { readonly status: number; readonly location: string | undefined },
  routes: Routes,
): Hop {
  const url = URL.parse(answer.location ?? "", from.url);
  if (answer.location === undefined || url === null) {
    throw new FollowError(`a redirect to ${answer.location ?? "nowhere"}`);
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new FollowError(`a redirect to ${url.protocol}//`);
  }
  const isGet = from.method === "GET" || from.method === "HEAD";
  const becomesGet = (answer.status === SEE_OTHER && !isGet) ||
    (MAY_BECOME_GET.includes(answer.status) && from.method === "POST");
  const address = readWebAddress(`${url.origin}${url.pathname}${url.search}`);
  return {
    method: becomesGet ? "GET" : from.method,
    target: address.path,
    keepsBody: !becomesGet,
    origin: routes.to(address),
    url: url.href,
  };
}
