import { Closed, type Co, TooLong } from "../../../runtime/mod.ts";
import type { HttpRequest, HttpResponseInit } from "../../../net/mod.ts";
import type { Service } from "../engine/service.ts";
import { StoreFailed } from "../store/store.ts";
import { jsonAnswer, refusalAnswer } from "./answers.ts";
import { JOB_ROUTES } from "./job_routes.ts";
import { describe } from "./openapi.ts";
import { checkOrigin } from "./origin.ts";
import { QUEUE_ROUTES } from "./queue_routes.ts";
import { checkQuery } from "./read_query.ts";
import { Refusal, unavailable } from "./refusal.ts";
import { Call, type Route } from "./route.ts";
import { Router } from "./router.ts";
import { SERVICE_ROUTES } from "./service_routes.ts";
import { checkToken } from "./token.ts";
import { WORKER_ROUTES } from "./worker_routes.ts";

export interface ApiOptions {
  readonly token?: string;
  readonly maxBody: number;
  readonly version: string;
}

/** Answers requests: every call there is, and one form for all refusals. */
export class Api {
  readonly routes: readonly Route[];
  #service: Service;
  #options: ApiOptions;
  #router: Router;
  /** The paths that need no token. */
  #open: ReadonlySet<string>;

  constructor(service: Service, options: ApiOptions, pages: readonly Route[] = []) {
    this.routes = [
      ...JOB_ROUTES,
      ...WORKER_ROUTES,
      ...QUEUE_ROUTES,
      ...SERVICE_ROUTES,
      ...pages,
      this.#description(options.version),
    ];
    this.#service = service;
    this.#options = options;
    this.#router = new Router(this.routes);
    this.#open = new Set(this.routes.filter(({ isOpen }) => isOpen).map(({ path }) => path));
  }

  *handle(request: HttpRequest): Co<HttpResponseInit> {
    try {
      return yield* this.#answer(request);
    } catch (error) {
      return refusalAnswer(refusalFor(error));
    }
  }

  *#answer(request: HttpRequest): Co<HttpResponseInit> {
    const [path, search] = split(request.path);
    if (!this.#open.has(path)) checkToken(this.#options.token, request.fields.get("authorization"));
    checkOrigin(request.method, request.fields);
    const { route, params } = this.#router.find(request.method, path);
    if (route.isRefusedAtTheEnd && this.#service.stopping.isCancelled) {
      throw unavailable("unavailable", "the service stops, and begins nothing new");
    }
    const query = new URLSearchParams(search);
    checkQuery(query, Object.keys(route.query ?? {}));
    const call = new Call(this.#service, request, params, query, this.#options.maxBody);
    return yield* route.handle(call);
  }

  /** The description is a call as well, and describes itself. */
  #description(version: string): Route {
    const answer = () => jsonAnswer(describe(this.routes, version));
    return {
      method: "GET",
      path: "/openapi.json",
      about: "This description.",
      answers: { 200: "OpenAPI 3.1" },
      *handle() {
        return answer();
      },
    };
  }
}

function refusalFor(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof TooLong) return new Refusal(413, "too-large", error.message);
  if (error instanceof StoreFailed) return unavailable("unavailable", error.message);
  if (error instanceof Closed) return unavailable("unavailable", "the service has stopped");
  throw error;
}

function split(target: string): [path: string, search: string] {
  const at = target.indexOf("?");
  return at < 0 ? [target, ""] : [target.slice(0, at), target.slice(at + 1)];
}
