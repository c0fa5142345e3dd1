import { type Ended, type JoinHandle, type Logger, type Sender, spawn } from "../../runtime/mod.ts";
import type { Stream } from "../../net/mod.ts";
import type { LocalAudience } from "./audience.ts";
import { Client, type ClientParts, type ClientRules } from "./client.ts";
import type { ClientId } from "./client_id.ts";
import type { ChatEvent } from "./event.ts";
import { Inbox } from "./inbox.ts";
import type { Ledger } from "./ledger.ts";

/** What the clients of a thread work with. */
export interface GuestParts {
  readonly rules: ClientRules & { readonly inbox: number };
  readonly log: Logger;
  readonly ledger: Ledger;
  readonly audience: LocalAudience;
  readonly events: Sender<ChatEvent>;
  /** A client has said something for the first time. */
  onFirstLine(id: ClientId): void;
  /** A client's connection is about to be closed. */
  onGone(id: ClientId): void;
}

/** One client, its connection and its task. */
interface Guest {
  readonly client: Client;
  readonly stream: Stream;
  task?: JoinHandle<boolean>;
}

/** The clients of one thread, a task each. */
export class Guests {
  readonly #parts: GuestParts;
  #guests = new Map<ClientId, Guest>();

  constructor(parts: GuestParts) {
    this.#parts = parts;
  }

  /** Serves a client that has been let in, until it goes. */
  admit(id: ClientId, stream: Stream, address: string): void {
    const { rules, ledger, events } = this.#parts;
    const onFirstLine = () => this.#parts.onFirstLine(id);
    const parts: ClientParts = { rules, ledger, events, onFirstLine };
    const inbox = new Inbox(rules.inbox, ledger, () => this.#parts.audience.post(client));
    const client: Client = new Client(id, stream, inbox, parts);
    const guest: Guest = { client, stream };
    this.#guests.set(id, guest);
    this.#parts.audience.attach(id, client);
    guest.task = spawn(() => client.serve(address), {
      name: `client ${id}`,
      onEnd: (ended) => this.#end(guest, ended),
    });
  }

  /** Closes all connections at once. */
  abortAll(reason: string): void {
    for (const { task } of this.#guests.values()) task?.abort(reason);
  }

  #end({ client, stream }: Guest, ended: Ended<boolean>): void {
    this.#guests.delete(client.id);
    this.#parts.audience.detach(client.id);
    if (ended.how === "error") {
      this.#parts.log.error("a client failed", { error: asError(ended.error) });
    }
    this.#parts.onGone(client.id);
    // To linger for a client that takes nothing would be of no use to anybody.
    if (ended.how === "value" && ended.value) stream.close();
    else stream.abort();
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
