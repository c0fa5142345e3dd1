import { formatDuration } from "../cli/units.ts";
import { answer } from "./answers.ts";
import type { ClientId } from "./client_id.ts";
import type { ChatEvent, Effect, Why } from "./event.ts";
import { type ChatRules, Hall } from "./hall.ts";
import type { Person } from "./person.ts";
import { because, spanLeft } from "./wording.ts";

/**
 * The chat as a state machine: an event goes in, and what has to be done comes out.
 *
 * It knows no socket, no clock and no task; one that is given the same events at the same moments
 * does the same. An event of somebody who is gone does nothing.
 */
export class Chat {
  readonly hall: Hall;

  constructor(rules: ChatRules) {
    this.hall = new Hall(rules);
  }

  /** When `tick` is due; undefined while it is not. */
  get dueAt(): number | undefined {
    return this.hall.dueAt;
  }

  /** Lets `event` happen at the moment `now`, in milliseconds. */
  handle(event: ChatEvent, now: number): Effect[] {
    this.hall.now = now;
    this.hall.tick();
    this.#happen(event);
    return this.hall.takeEffects();
  }

  /** Tells what was kept back to be told together. */
  tick(now: number): Effect[] {
    this.hall.now = now;
    this.hall.tick();
    return this.hall.takeEffects();
  }

  #happen(event: ChatEvent): void {
    switch (event.kind) {
      case "arrive":
        return this.#arrive(event.id, event.address);
      case "announce":
        return this.hall.tellAll(event.text);
      case "close":
        return this.hall.close(event.text);
      case "ask":
      case "leave": {
        const person = this.hall.find(event.id);
        if (person === undefined) return;
        if (event.kind === "ask") answer(this.hall, person, event.command);
        else this.#leave(person, event.why);
      }
    }
  }

  #arrive(id: ClientId, address: string): void {
    const { hall } = this;
    const ban = hall.bans.of(address, hall.now);
    if (hall.closed !== undefined) return hall.dismiss(id, hall.closed);
    if (address === "" || ban === undefined) return hall.arrive(id, address);
    const left = spanLeft(ban.until - hall.now);
    hall.record("refused", undefined, { client: id, address, why: "banned" });
    hall.dismiss(id, `you are banned for another ${left}${because(ban.reason)}`);
  }

  #leave(person: Person, why: Why): void {
    const { hall } = this;
    const { idleTimeout, inbox } = hall.rules;
    const full = `${inbox} lines wait for you to read them`;
    const idle = `silent for ${formatDuration(idleTimeout)}`;
    switch (why) {
      case "left":
        return hall.remove(person, why);
      case "lost":
        return hall.remove(person, why, "connection lost");
      case "idle":
        return hall.remove(person, why, idle, `you are disconnected: ${idle}`);
      case "slow":
        return hall.remove(person, why, "reads too slowly", `you are disconnected: ${full}`);
    }
  }
}
