import type { Route } from "./route.ts";

/** What every call can answer. */
const USUAL: Readonly<Record<number, string>> = {
  400: "the request is not as it should be",
  401: "the token is missing or wrong",
  403: "a page elsewhere has sent it, and it would change something",
  405: "the path takes other methods",
  408: "the client was too slow",
  413: "the body is too large",
  503: "the store cannot do it now, or the service stops",
};
const UNSUPPORTED = 415;

/** Describes the routes as OpenAPI 3.1: what is served and what is described are the same list. */
export function describe(routes: readonly Route[], version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    paths[route.path] ??= {};
    paths[route.path][route.method.toLowerCase()] = operation(route);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "wakeful job-queue",
      version,
      description: "Runs jobs at least once, and remembers them over a crash.",
    },
    security: [{ token: [] }],
    components: {
      securitySchemes: { token: { type: "http", scheme: "bearer" } },
      schemas: {
        Refusal: {
          type: "object",
          required: ["error", "message"],
          properties: { error: { type: "string" }, message: { type: "string" } },
        },
      },
    },
    paths,
  };
}

function operation({ path, about, query = {}, body, answers }: Route): Record<string, unknown> {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    ...{ name, in: "path", required: true, schema: { type: "string" } },
  }));
  const inQuery = Object.entries(query).map(([name, description]) => ({
    ...{ name, in: "query", description, schema: { type: "string" } },
  }));
  const all = {
    ...USUAL,
    ...(body && { [UNSUPPORTED]: "the body is not of type application/json" }),
    ...answers,
  };
  return {
    summary: about,
    parameters: [...inPath, ...inQuery],
    ...(body && { requestBody: { content: { "application/json": { schema: body } } } }),
    responses: Object.fromEntries(
      Object.entries(all).map(([status, description]) => [status, answer(status, description)]),
    ),
  };
}

const FIRST_REFUSAL = "400";

function answer(status: string, description: string): Record<string, unknown> {
  if (status < FIRST_REFUSAL) return { description };
  const schema = { $ref: "#/components/schemas/Refusal" };
  return { description, content: { "application/json": { schema } } };
}
