/** Channels over promises that somebody has tuned; for the rest there is nothing to tune. */
import { channelWorkloads, PromiseChannel } from "../promise_channel.ts";

export const workloads = channelWorkloads((capacity) => new PromiseChannel(capacity));
