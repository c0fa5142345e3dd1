import { type Co, race, Signal, type SignalName, sleep, spawn } from "../../runtime/mod.ts";
import { EXIT_INTERRUPTED } from "./errors.ts";
import type { Terminal } from "./terminal.ts";

/**
 * One Ctrl-C at a terminal can arrive twice: from the terminal, which tells all its processes, and
 * from a parent such as `deno task`, which passes its own on. Nobody types that fast.
 */
const ECHO_MS = 100;

/**
 * Waits for SIGINT or SIGTERM, listening from this call on, and says which came. From then on a
 * second one ends the process at once, for people who do not want to wait for the drain.
 */
export function interrupted(terminal: Terminal): Co<SignalName> {
  return firstOf([new Signal("SIGINT"), new Signal("SIGTERM")], terminal);
}

function* firstOf(signals: Signal[], terminal: Terminal): Co<SignalName> {
  let first: SignalName | undefined;
  try {
    first = yield* nextOf(signals);
  } finally {
    if (first === undefined) signals.forEach((signal) => signal.close());
  }
  spawn(() => exitAtTheNext(signals, terminal), { name: "second interrupt" });
  return first;
}

/** Exits at the next signal that is not an echo of the first. */
function* exitAtTheNext(signals: Signal[], terminal: Terminal): Co<void> {
  try {
    if (terminal.interactive) yield* passOverEchoes(signals);
    yield* nextOf(signals);
    terminal.exit(EXIT_INTERRUPTED);
  } finally {
    signals.forEach((signal) => signal.close());
  }
}

function* passOverEchoes(signals: Signal[]): Co<void> {
  const ignoreAll = function* (): Co<never> {
    for (;;) yield* nextOf(signals);
  };
  yield* race<void>(sleep(ECHO_MS), ignoreAll);
}

function nextOf(signals: Signal[]) {
  return race(...signals.map((signal) => () => receive(signal)));
}

function* receive(signal: Signal): Co<SignalName> {
  yield* signal.receive();
  return signal.name;
}
