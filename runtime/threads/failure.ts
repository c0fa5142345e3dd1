import * as errors from "../core/errors.ts";

/** An error on its way to another thread. */
export interface FailureRecord {
  readonly name: string;
  readonly message: string;
  readonly code: string | undefined;
  readonly stack: string;
  /** Whatever else it carries that is plain: the milliseconds of a `TimedOut`, say. */
  readonly data: Readonly<Record<string, string | number | boolean>>;
}

const BUILT_IN: Readonly<Record<string, ErrorConstructor>> = {
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
};

/** What a record says in fields of its own. */
const SAID = new Set(["name", "message", "code", "stack"]);
const PLAIN = new Set(["string", "number", "boolean"]);

/** Describes whatever was thrown. */
export function describeFailure(thrown: unknown): FailureRecord {
  if (!(thrown instanceof Error)) {
    const message = `threw ${String(thrown)}, which is no error`;
    return { name: "Error", message, code: undefined, stack: "", data: {} };
  }
  const { name, message, stack = "" } = thrown;
  const code = "code" in thrown && typeof thrown.code === "string" ? thrown.code : undefined;
  const plain = Object.entries(thrown).filter(([key, value]) =>
    !SAID.has(key) && PLAIN.has(typeof value)
  );
  return { name, message, code, stack, data: Object.fromEntries(plain) };
}

/**
 * The error here that a failure there has become: of the same class, where that is the language's
 * or ours, else a `RemoteError` of the same name. The stack over there is its cause.
 */
export function reviveFailure({ name, message, code, stack, data }: FailureRecord): Error {
  const cause = remoteCause(name, message, stack);
  if (Object.hasOwn(BUILT_IN, name)) {
    return Object.assign(new BUILT_IN[name](message, { cause }), data);
  }
  const known = Object.hasOwn(errors, name) ? errors[name as keyof typeof errors] : undefined;
  const revived = new errors.RemoteError(name, message, code, { cause });
  if (known === undefined) return Object.assign(revived, { ...data, code: revived.code });
  Object.assign(revived, data);
  return Object.setPrototypeOf(revived, known.prototype);
}

function remoteCause(name: string, message: string, stack: string): Error {
  const cause = new Error(`${name}: ${message}`);
  if (stack !== "") cause.stack = stack;
  return cause;
}
