import { type Co, race, Signal, type SignalName, spawn } from "../../runtime/mod.ts";
import { EXIT_INTERRUPTED } from "./errors.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Waits for SIGINT or SIGTERM and says which came. From then on a second one ends the process at
 * once, for people who do not want to wait for the drain.
 */
export function* interrupted(terminal: Terminal): Co<SignalName> {
  const signals = [new Signal("SIGINT"), new Signal("SIGTERM")];
  const closeAll = () => signals.forEach((signal) => signal.close());
  let first: SignalName | undefined;
  try {
    first = yield* nextOf(signals);
  } finally {
    if (first === undefined) closeAll();
  }
  spawn(function* () {
    try {
      yield* nextOf(signals);
      terminal.exit(EXIT_INTERRUPTED);
    } finally {
      closeAll();
    }
  }, { name: "second interrupt" });
  return first;
}

function nextOf(signals: Signal[]) {
  return race(...signals.map((signal) => () => receive(signal)));
}

function* receive(signal: Signal): Co<SignalName> {
  yield* signal.receive();
  return signal.name;
}
