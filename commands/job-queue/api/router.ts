import { notFound, Refusal } from "./refusal.ts";
import type { Route } from "./route.ts";

/** A route, and what stands in the path for its parameters. */
export interface Matched {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** Finds routes by method and path. */
export class Router {
  #routes: readonly (readonly [segments: readonly string[], route: Route])[];

  constructor(routes: readonly Route[]) {
    this.#routes = routes.map((route) => [route.path.split("/"), route]);
  }

  /** @throws {Refusal} 404 when no route has the path, 405 when none has it with the method */
  find(method: string, path: string): Matched {
    const segments = path.split("/");
    const allowed: string[] = [];
    for (const [pattern, route] of this.#routes) {
      const params = match(pattern, segments);
      if (params === undefined) continue;
      const isHead = method === "HEAD" && route.method === "GET";
      if (route.method === method || isHead) return { route, params };
      allowed.push(route.method);
    }
    if (allowed.length === 0) {
      throw notFound("there is nothing at this path; /openapi.json lists all");
    }
    const expected = [...new Set(allowed)].join(", ");
    throw new Refusal(405, "method-not-allowed", `expected ${expected}`, { Allow: expected });
  }
}

function match(
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [i, part] of pattern.entries()) {
    if (!part.startsWith("{")) {
      if (part !== segments[i]) return undefined;
      continue;
    }
    const value = decoded(segments[i]);
    if (value === undefined || value === "") return undefined;
    params[part.slice(1, -1)] = value;
  }
  return params;
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
