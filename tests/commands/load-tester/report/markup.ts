import { assert, assertEquals } from "../../../support/assert.ts";

const TOKEN =
  /<!doctype html>|<style>[^<]*<\/style>|<(\/?)([a-z][a-z0-9]*)((?: [a-zA-Z0-9-]+="[^"<>]*")*)(\/?)>|[^<>]+|[<>]/g;
const ENTITY = /&(?!(amp|lt|gt|quot);)/;
/** Elements that have no end. */
const VOID = ["meta"];

/** Checks that each element ends where it may, and nothing else looks like markup. */
export function wellFormed(markup: string): void {
  const open: string[] = [];
  for (const [token, slash, name, attributes = "", empty] of markup.matchAll(TOKEN)) {
    if (name === undefined) {
      assert(token !== "<" && token !== ">", `a loose ${token} in ${markup}`);
      if (!token.startsWith("<")) assert(!ENTITY.test(token), token);
    } else if (slash === "/") assertEquals(name, open.pop(), markup);
    else if (empty !== "/" && !VOID.includes(name)) open.push(name);
    assert(!ENTITY.test(attributes), attributes);
  }
  assertEquals(open, []);
}
