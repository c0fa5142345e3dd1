import { Room, Rooms } from "../../../commands/chat-server/room.ts";
import { assertEquals } from "../../support/assert.ts";

Deno.test("Room: a list of members that was taken stays as it is", () => {
  const room = new Room("garden");
  room.add(1);
  room.add(2);
  const before = room.ids;
  room.remove(1);
  room.add(3);
  assertEquals([before, room.ids, room.size], [[1, 2], [2, 3], 2]);
});

Deno.test("Rooms: a room has one name in every case", () => {
  const rooms = new Rooms();
  const garden = rooms.open("Garden");
  assertEquals([rooms.open("gARDEN") === garden, rooms.find("garden") === garden], [true, true]);
  assertEquals([...rooms.all].map(({ name }) => name), ["lobby", "Garden"]);
});

Deno.test("Rooms: an empty room goes, the lobby stays", () => {
  const rooms = new Rooms();
  const garden = rooms.open("garden");
  garden.add(1);
  rooms.closeIfEmpty(garden);
  assertEquals(rooms.size, 2);
  garden.remove(1);
  for (const room of [garden, rooms.lobby]) rooms.closeIfEmpty(room);
  assertEquals([...rooms.all], [rooms.lobby]);
});
