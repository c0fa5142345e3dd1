import fc from "fast-check";
import { keysOf } from "../../../commands/chat-server/names.ts";
import { assert, assertEquals } from "../../support/assert.ts";
import { Spoken } from "./spoken.ts";

const IDS = 8;
const NAMES = ["ann", "Ann", "bill", "biIl", "аnn", "cleo", "user-3", "dan"];
const ROOMS = ["lobby", "garden", "GARDEN", "attic"];

type Step =
  | { readonly what: "arrive" | "say" | "gone" | "home"; readonly id: number }
  | { readonly what: "rename" | "ignore" | "kick"; readonly id: number; readonly name: string }
  | { readonly what: "join"; readonly id: number; readonly room: string }
  | { readonly what: "wait"; readonly milliseconds: number };

const id = fc.integer({ min: 1, max: IDS });
const name = fc.constantFrom(...NAMES);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ what: fc.constantFrom("arrive", "say", "say", "gone", "home"), id }),
  fc.record({ what: fc.constantFrom("rename", "ignore", "kick"), id, name }),
  fc.record({ what: fc.constant("join"), id, room: fc.constantFrom(...ROOMS) }),
  fc.record({ what: fc.constant("wait"), milliseconds: fc.nat(150) }),
) as fc.Arbitrary<Step>;

/** What each member of each room has to read of what is said there. */
class Model {
  readonly spoken = new Spoken();
  /** By person: the messages they have to have read, in order. */
  readonly due = new Map<number, string[]>();
  readonly #seen = new Map<number, string[]>();
  #said = 0;
  #connections = 0;
  /** The connection that a number stands for now. */
  #now = new Map<number, number>();

  take(step: Step): void {
    if (step.what === "wait") this.spoken.wait(step.milliseconds);
    else if (step.what === "arrive") this.#arrive(step.id);
    else {
      const id = this.#now.get(step.id);
      if (id !== undefined) this.#act(step, id);
    }
    this.#collect();
    this.#check();
  }

  /** In the end, everything has been read. */
  finish(): void {
    this.spoken.wait(1_000);
    this.#collect();
    assertEquals(this.#seen, this.due);
  }

  #arrive(number: number): void {
    if (this.#now.has(number)) return;
    const id = ++this.#connections;
    this.#now.set(number, id);
    this.due.set(id, []);
    this.#seen.set(id, []);
    this.spoken.connect(id);
  }

  #act(step: Exclude<Step, { what: "wait" }>, id: number): void {
    const { spoken } = this;
    switch (step.what) {
      case "say":
        return this.#say(id);
      case "gone":
        return spoken.happen({ kind: "leave", id, why: "left" });
      case "home":
        return spoken.type(id, "/leave");
      case "join":
        return spoken.type(id, `/join ${step.room}`);
      case "rename":
        return spoken.type(id, `/nick ${step.name}`);
      case "ignore":
        return spoken.type(id, `/ignore ${step.name}`);
      case "kick":
        return spoken.type(id, "/oper sesame", `/kick ${step.name}`);
    }
  }

  #say(id: number): void {
    const { hall } = this.spoken.chat;
    const person = hall.find(id);
    if (person === undefined) return;
    const text = `message ${++this.#said}`;
    for (const other of hall.people) {
      if (other === person || other.room !== person.room || other.ignores.has(id)) continue;
      this.due.get(other.id)!.push(`${person.name}: ${text}`);
    }
    this.spoken.type(id, text);
  }

  #collect(): void {
    for (const [id, seen] of this.#seen) {
      for (const line of this.spoken.read(id)) if (/: message \d+$/.test(line)) seen.push(line);
    }
    for (const [number, id] of this.#now) {
      if (this.spoken.chat.hall.find(id) === undefined) this.#now.delete(number);
    }
  }

  /** Names are unique, and everybody is in one room, at every moment. */
  #check(): void {
    const { hall } = this.spoken.chat;
    const people = [...hall.people];
    const keys = people.flatMap(({ name }) => [...keysOf(name)]);
    assertEquals(new Set(keys).size, keys.length, people.map(({ name }) => name).join());
    for (const person of people) {
      assertEquals(hall.names.find(person.name), person);
      assert(person.room.ids.includes(person.id));
    }
    const members = [...hall.rooms.all].flatMap(({ ids }) => ids);
    assertEquals(members.toSorted(), people.map(({ id }) => id).toSorted());
    for (const room of hall.rooms.all) assert(room.size > 0 || room === hall.rooms.lobby);
  }
}

Deno.test("chat model: names unique, everybody in one room, everything read in one order", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120, size: "max" }), (steps) => {
      const model = new Model();
      for (const step of steps) model.take(step);
      model.finish();
    }),
    { numRuns: 300 },
  );
});

Deno.test("chat model: comings and goings are told once each to whoever stays", () => {
  const visits = fc.array(fc.record({ pause: fc.nat(3), leaves: fc.nat(6) }), {
    minLength: 200,
    maxLength: 300,
  });
  fc.assert(fc.property(visits, (visits) => {
    const spoken = new Spoken();
    const witness = spoken.arrive("witness");
    const nameOf = (id: number) => spoken.chat.hall.find(id)!.name;
    const expected: string[] = [];
    const there: number[] = [];
    for (const [i, { pause, leaves }] of visits.entries()) {
      // The one who came first, or last, or nobody.
      const leaver = leaves === 0 ? there.shift() : leaves === 1 ? there.pop() : undefined;
      if (leaver === undefined) {
        there.push(100 + i);
        spoken.connect(100 + i);
        expected.push(`${nameOf(100 + i)} joined`);
      } else {
        expected.push(`${nameOf(leaver)} left`);
        spoken.happen({ kind: "leave", id: leaver, why: "left" });
      }
      spoken.wait(pause);
    }
    spoken.wait(1_000);
    const told = spoken.read(witness).flatMap((line) => {
      const [, names, what] = /^-- (.+) (joined|left)$/.exec(line)!;
      return names.split(/, | and /).map((name) => `${name} ${what}`);
    });
    assertEquals(told.toSorted(), expected.toSorted());
    // Nobody's leaving before their coming.
    for (const line of told.filter((line) => line.endsWith("left"))) {
      assert(told.indexOf(line) > told.indexOf(line.replace("left", "joined")));
    }
  }));
});
