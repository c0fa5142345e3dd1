import type { Route } from "./route.ts";

const POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "script-src 'unsafe-inline'",
  "connect-src 'self'",
  "img-src data:",
  "frame-ancestors 'none'",
].join("; ");

/** The page to look at, which asks the same calls as everybody else. */
export function pageRoute(read: () => Uint8Array): Route {
  return {
    method: "GET",
    path: "/",
    about: "A page to look at; browsers ask for the token as a password.",
    answers: { 200: "HTML" },
    *handle() {
      const fields = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": POLICY,
        "Cache-Control": "no-cache",
        "X-Content-Type-Options": "nosniff",
      };
      return { fields, body: read() };
    },
  };
}
