import { NameBook } from "../../../commands/chat-server/name_book.ts";
import { newPerson } from "../../../commands/chat-server/person.ts";
import { Room } from "../../../commands/chat-server/room.ts";
import { assertEquals } from "../../support/assert.ts";

const ROOM = new Room("lobby");

function bookWith(...names: string[]) {
  const book = new NameBook();
  const people = names.map((name, i) => {
    const person = newPerson({ id: i + 1, address: "", since: 0 }, "", ROOM);
    book.take(person, name);
    return person;
  });
  return { book, people };
}

Deno.test("NameBook: finds whoever has a name, in any case", () => {
  const { book, people: [ann] } = bookWith("Ann", "Ben");
  assertEquals([book.find("aNN"), book.find("cleo")], [ann, undefined]);
});

Deno.test("NameBook: does not take somebody for another who only looks like them", () => {
  const { book } = bookWith("biIl");
  assertEquals(book.find("bill"), undefined);
  assertEquals(book.rival("bill")?.name, "biIl");
});

Deno.test("NameBook: a name is free for whoever has one like it", () => {
  const { book, people: [ann] } = bookWith("ann");
  assertEquals([book.rival("ANN", ann), book.rival("ANN")], [undefined, ann]);
});

Deno.test("NameBook: a name that was released is free, with all that looked like it", () => {
  const { book, people: [bill] } = bookWith("biIl");
  book.release(bill);
  assertEquals([book.rival("bill"), book.rival("biil")], [undefined, undefined]);
});
