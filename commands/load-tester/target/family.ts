import { type Co, IoError } from "../../../runtime/mod.ts";
import { lookup } from "../../../net/mod.ts";
import { RuntimeFailure } from "../../cli/errors.ts";
import type { Setup } from "../load/setup.ts";
import type { Override } from "./route.ts";
import { readWebAddress } from "./web_address.ts";

/**
 * The same setup, with every host at its first address of that family.
 *
 * @throws {RuntimeFailure} when one of them has none
 */
export function* inFamily(setup: Setup, family: 4 | 6): Co<Setup> {
  const overrides: Override[] = [...setup.overrides];
  for (const { host, port } of setup.urls.map(readWebAddress)) {
    const isKnown = overrides.some((known) => known.host === host && known.port === port);
    if (!isKnown) overrides.push({ host, port, address: yield* addressOf(host, family) });
  }
  return { ...setup, overrides };
}

function* addressOf(host: string, family: 4 | 6): Co<string> {
  try {
    return yield* lookup(host, family);
  } catch (error) {
    if (error instanceof IoError) throw new RuntimeFailure(error.message, { cause: error });
    throw error;
  }
}
