import fc from "../../support/fast_check.ts";
import { type Enrolled, Roster } from "../../../runtime/collections/roster.ts";
import { assertEquals } from "../../support/assert.ts";

class Member implements Enrolled<Member> {
  elder: Member | undefined;
  younger: Member | undefined;
  constructor(readonly name: string) {}
}

function names(roster: Roster<Member>): string {
  return Array.from(roster.members(), ({ name }) => name).join("");
}

Deno.test("Roster: members stand in the order in which they came", () => {
  const roster = new Roster<Member>();
  for (const name of "abc") roster.add(new Member(name));
  assertEquals([names(roster), roster.size], ["abc", 3]);
});

Deno.test("Roster: one who left may come again, as the youngest", () => {
  const roster = new Roster<Member>();
  const [a, b] = [new Member("a"), new Member("b")];
  roster.add(a);
  roster.add(b);
  roster.remove(a);
  roster.add(a);
  assertEquals(names(roster), "ba");
});

Deno.test("Roster: one who left keeps nobody alive", () => {
  const roster = new Roster<Member>();
  const members = ["a", "b", "c"].map((name) => new Member(name));
  for (const member of members) roster.add(member);
  roster.remove(members[1]);
  assertEquals([members[1].elder, members[1].younger], [undefined, undefined]);
});

Deno.test("Roster: does as a Set does, whoever comes and goes", () => {
  const moves = fc.array(fc.nat(7), { maxLength: 40 });
  fc.assert(fc.property(moves, (moves) => {
    const everyone = Array.from("abcdefgh", (name) => new Member(name));
    const roster = new Roster<Member>();
    const model = new Set<Member>();
    for (const member of moves.map((move) => everyone[move])) {
      if (model.delete(member)) {
        roster.remove(member);
      } else {
        model.add(member);
        roster.add(member);
      }
      assertEquals([...roster.members()], [...model]);
      assertEquals(roster.size, model.size);
    }
  }));
});
