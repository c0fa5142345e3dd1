import { type Address, type Logger, showAddress } from "../../runtime/mod.ts";
import type { Stream } from "../../net/mod.ts";
import { parcel } from "./parcel.ts";
import { notice } from "./wording.ts";

/** What the gate tells clients apart by; empty for a Unix socket. */
export function addressOf(peer: Address): string {
  return peer.transport === "tcp" ? peer.host : "";
}

/** Tells a client why it is not let in, and closes. */
export function turnAway(stream: Stream, refusal: string, log: Logger): void {
  log.debug(`refused: ${refusal}`, () => ({ peer: showAddress(stream.peerAddr) }));
  stream.tryWrite(parcel([notice(refusal)]).bytes);
  stream.close();
}
