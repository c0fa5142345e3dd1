import { IoError, type IoErrorKind } from "../../core/errors.ts";

/** The errors of the system by number, in the words that are the same under every driver. */
const KINDS: Readonly<Record<number, readonly [IoErrorKind, phrase: string]>> = {
  1: ["permission-denied", "operation not permitted"],
  2: ["not-found", "no such file or directory"],
  11: ["other", "resource temporarily unavailable"],
  12: ["other", "out of memory"],
  13: ["permission-denied", "permission denied"],
  20: ["other", "not a directory"],
  22: ["other", "invalid argument"],
  23: ["too-many-open-files", "too many open files in the system"],
  24: ["too-many-open-files", "too many open files"],
  32: ["broken-pipe", "broken pipe"],
  88: ["other", "not a socket"],
  90: ["message-too-long", "message too long"],
  91: ["other", "wrong type of socket"],
  97: ["address-not-available", "address family not supported"],
  98: ["address-in-use", "address already in use"],
  99: ["address-not-available", "cannot assign requested address"],
  100: ["unreachable", "network is down"],
  101: ["unreachable", "network is unreachable"],
  103: ["connection-aborted", "connection aborted"],
  104: ["connection-reset", "connection reset by peer"],
  105: ["other", "no buffer space available"],
  107: ["connection-reset", "not connected"],
  110: ["timed-out", "connection timed out"],
  111: ["connection-refused", "connection refused"],
  113: ["unreachable", "no route to host"],
};

/** An error of the system, with what was being done in front of its message. */
export function sysError(doing: string, errno: number): IoError {
  const [kind, phrase] = KINDS[errno] ?? ["other", `error ${errno}`];
  return new IoError(kind, `${doing}: ${phrase}`);
}
