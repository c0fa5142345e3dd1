import fc from "../../../support/fast_check.ts";
import { UsageError } from "../../../../commands/cli/errors.ts";
import { readWebAddress } from "../../../../commands/load-tester/target/web_address.ts";
import { assertEquals, assertThrows } from "../../../support/assert.ts";

/** URL, whether it is https, host, port, what Host says, path. */
const GOOD: readonly (readonly [string, boolean, string, number, string, string])[] = [
  ["http://127.0.0.1:8080/", false, "127.0.0.1", 8080, "127.0.0.1:8080", "/"],
  ["127.0.0.1:8080", false, "127.0.0.1", 8080, "127.0.0.1:8080", "/"],
  ["localhost", false, "localhost", 80, "localhost", "/"],
  ["localhost:3000/a?b=c", false, "localhost", 3000, "localhost:3000", "/a?b=c"],
  ["https://Example.org", true, "example.org", 443, "example.org", "/"],
  ["https://example.org:443/x", true, "example.org", 443, "example.org", "/x"],
  ["http://example.org:443/x", false, "example.org", 443, "example.org:443", "/x"],
  ["HTTP://example.org:80?q", false, "example.org", 80, "example.org", "/?q"],
  ["http://[::1]:8080/a", false, "::1", 8080, "[::1]:8080", "/a"],
  ["[::1]", false, "::1", 80, "[::1]", "/"],
  ["http://a/b#c", false, "a", 80, "a", "/b"],
  ["http://a#c", false, "a", 80, "a", "/"],
  ["http://a/b%20c d\té", false, "a", 80, "a", "/b%20c%20d%09%C3%A9"],
  ["http://a/../b//c", false, "a", 80, "a", "/../b//c"],
  ["http://a/{{seq}}?{{rand:1..9}}", false, "a", 80, "a", "/{{seq}}?{{rand:1..9}}"],
  ["http://a/{{line:my file.txt}} x", false, "a", 80, "a", "/{{line:my file.txt}}%20x"],
  ["http://münchen.example/", false, "xn--mnchen-3ya.example", 80, "xn--mnchen-3ya.example", "/"],
];

Deno.test("web address: what people type", () => {
  for (const [url, secure, host, port, hostField, path] of GOOD) {
    assertEquals(readWebAddress(url), { secure, host, port, hostField, path }, url);
  }
});

const BAD: readonly (readonly [string, string])[] = [
  ["", "expected a URL such as http://127.0.0.1:8080/path"],
  ["/path", "/path: expected a URL such as"],
  ["http://", "http://: expected a URL such as"],
  ["http:///path", "http:///path: expected a URL such as"],
  ["http:/path", "http:/path: expected a URL such as"],
  ["https:/a.example/", "https:/a.example/: expected a URL such as"],
  ["http://a b/", '"http://a b/": expected a URL such as'],
  ["http://a:99999/", "expected a URL such as"],
  ["http://{{seq}}/", "expected a URL such as"],
  ["http://[::1/", "expected a URL such as"],
  ["ftp://a/", "expected http:// or https://, not ftp://"],
  ["ws://a/", "expected http:// or https://, not ws://"],
  ["http://ann:secret@a/", "use --header 'Authorization: Basic …'"],
  ["http://ann@a/", "use --header 'Authorization: Basic …'"],
];

Deno.test("web address: what is none is refused, and named", () => {
  for (const [url, message] of BAD) {
    assertThrows(() => readWebAddress(url), UsageError, message, url);
  }
});

Deno.test("web address: whatever is typed is refused in words, or can stand in a request line", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (path) => {
    const { path: sent } = readWebAddress(`http://a/${path.replaceAll("{{", "")}`);
    assertEquals(/^\/[\x21-\x7e]*$/.test(sent), true, sent);
  }));
  fc.assert(fc.property(fc.string(), (url) => {
    try {
      readWebAddress(url);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
    }
  }));
});
