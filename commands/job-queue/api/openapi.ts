import type { Route, Schema } from "./route.ts";

/** What every call can answer. */
const USUAL: Readonly<Record<number, string>> = {
  400: "the request is not as it should be",
  405: "the path takes other methods",
  408: "the client was too slow",
  413: "the body is too large",
  503: "the store cannot do it now, or the service stops",
};

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

function operation(route: Route): Record<string, unknown> {
  const { path, about, query = {}, body, isOpen } = route;
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    ...{ name, in: "path", required: true, schema: { type: "string" } },
  }));
  const inQuery = Object.entries(query).map(([name, description]) => ({
    ...{ name, in: "query", description, schema: { type: "string" } },
  }));
  const required = !route.isBodyOptional;
  return {
    summary: about,
    ...(isOpen && { security: [] }),
    parameters: [...inPath, ...inQuery],
    ...(body && { requestBody: { required, content: json(body) } }),
    responses: responses(route),
  };
}

function responses({ method, body, answers, gives = {}, isOpen }: Route): Record<string, unknown> {
  const all = {
    ...USUAL,
    ...(!isOpen && { 401: "the token is missing or wrong" }),
    ...(method !== "GET" && { 403: "a page elsewhere has sent it" }),
    ...(body && { 415: "the body is not of type application/json" }),
    ...answers,
  };
  const described = Object.entries(all).map(([status, description]) => {
    const schema = gives[Number(status)] ?? (status < FIRST_REFUSAL ? undefined : REFUSAL);
    return [status, { description, ...(schema && { content: json(schema) }) }];
  });
  return Object.fromEntries(described);
}

const FIRST_REFUSAL = "400";
const REFUSAL = { $ref: "#/components/schemas/Refusal" };

function json(schema: Schema): Record<string, unknown> {
  return { "application/json": { schema } };
}
