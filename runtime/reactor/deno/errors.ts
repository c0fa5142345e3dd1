import { IoError, type IoErrorKind } from "../../core/errors.ts";

/** Deno's error classes, by name, in the words that are the same under every driver. */
const KINDS: Record<string, IoErrorKind> = {
  AddrInUse: "address-in-use",
  AddrNotAvailable: "address-not-available",
  BrokenPipe: "broken-pipe",
  ConnectionAborted: "connection-aborted",
  ConnectionRefused: "connection-refused",
  ConnectionReset: "connection-reset",
  NotCapable: "permission-denied",
  NotConnected: "connection-reset",
  NotFound: "not-found",
  PermissionDenied: "permission-denied",
  TimedOut: "timed-out",
};

/** Errors that Deno leaves without a class of their own, by what they say. */
const PHRASES: [RegExp, IoErrorKind][] = [
  [/too many open files|os error 24\b/i, "too-many-open-files"],
  [/lookup address|name or service not known/i, "host-not-found"],
  [/message too long/i, "message-too-long"],
  [/unreachable/i, "unreachable"],
  [/out of range/i, "address-not-available"],
];

const OS_ERROR_NUMBER = / \(os error \d+\)$/;

/** An error of the platform as an `IoError`, with what was being done in front of its message. */
export function ioError(doing: string, cause: unknown): IoError {
  const { name, message } = cause instanceof Error ? cause : new Error(String(cause));
  const kind = KINDS[name] ?? PHRASES.find(([phrase]) => phrase.test(message))?.[1] ?? "other";
  return new IoError(kind, `${doing}: ${message.replace(OS_ERROR_NUMBER, "")}`, { cause });
}
