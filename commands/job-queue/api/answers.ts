import type { HttpResponseInit } from "../../../net/mod.ts";
import type { Refusal, RefusalCode } from "./refusal.ts";

/** Nothing of it may be kept by caches, or taken for something else by a browser. */
const JSON_FIELDS = {
  "Content-Type": "application/json",
  "Cache-Control": "no-store",
  "X-Content-Type-Options": "nosniff",
};

export function jsonAnswer(
  value: unknown,
  status = 200,
  fields: Readonly<Record<string, string>> = {},
): HttpResponseInit {
  return { status, fields: { ...JSON_FIELDS, ...fields }, body: `${JSON.stringify(value)}\n` };
}

export function textAnswer(type: string, body: string): HttpResponseInit {
  return { fields: { ...JSON_FIELDS, "Content-Type": type }, body };
}

export function refusalAnswer({ status, code, message, fields }: Refusal): HttpResponseInit {
  return jsonAnswer({ error: code, message }, status, fields);
}

/** What the server itself refuses before a request is one. */
const WORDS: Readonly<Record<number, RefusalCode>> = {
  408: "timeout",
  413: "too-large",
  500: "internal",
};

export function serverRefusal(status: number, message: string): HttpResponseInit {
  return jsonAnswer({ error: WORDS[status] ?? "bad-request", message }, status);
}
