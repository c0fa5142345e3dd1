import type { Refused } from "./queue_client.ts";

const UNAUTHORIZED = 401;
const TOKEN_HINT = "give it with --token, or as WAKEFUL_JOB_QUEUE_TOKEN";

/** What a refusal comes to for whoever has typed the command. */
export function refusalText({ status, message }: Refused): string {
  return status === UNAUTHORIZED ? `${message}; ${TOKEN_HINT}` : message;
}
