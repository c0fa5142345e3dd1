import {
  type Co,
  type Logger,
  portable,
  type RuntimeBuilder,
  type ThreadSelf,
} from "../../runtime/mod.ts";
import { makeLogger } from "../cli/shared_flags.ts";
import { tellTo } from "../cli/telling.ts";
import { processTerminal } from "../cli/terminal.ts";
import { CrewMember } from "../serving/crew_member.ts";
import { Figures } from "../serving/figures.ts";
import type { Order, Report } from "../serving/messages.ts";
import type { Sharing } from "../serving/way_in.ts";
import { CHAT_SERVER, type ChatOptions } from "./command.ts";
import { Floor } from "./floor.ts";
import { Ledger, LEDGER_COLUMNS } from "./ledger.ts";
import type { ChatOrder, ChatReport } from "./thread_messages.ts";

/** What a thread of the chat server begins with. */
export interface ChatStart {
  readonly seat: number;
  readonly options: ChatOptions;
  readonly sharing: Sharing;
  readonly figures: SharedArrayBuffer;
  readonly descriptors: SharedArrayBuffer;
}

const here = import.meta.url;

/** Lets the thread's runtime speak where its server speaks. */
export const prepareChatThread = portable(here, function prepareChatThread(
  builder: RuntimeBuilder,
  { options }: ChatStart,
): void {
  tellTo(builder, logOf(options));
});

/** One thread of the chat server: it has clients, and hears from the broker what they are told. */
export const chatThread = portable(here, function* chatThread(
  self: ThreadSelf<Order<ChatOrder>, Report<ChatReport>>,
  start: ChatStart,
): Co<void> {
  const member = new CrewMember<ChatOrder, ChatReport>(self);
  const ledger = new Ledger(new Figures(start.figures, LEDGER_COLUMNS).row(start.seat));
  const floor = new Floor(start, member, ledger, logOf(start.options));
  using _running = yield* floor.open();
  yield* member.work(
    (order) => floor.obey(order),
    () => floor.serve(),
    () => floor.clear(),
  );
});

function logOf(options: ChatOptions): Logger {
  return makeLogger(CHAT_SERVER.name, options, processTerminal);
}
