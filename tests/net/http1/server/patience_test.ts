import { Context, noopWaker } from "wakeful/runtime";
import { HttpDate } from "../../../../net/http1/server/http_date.ts";
import { Patience } from "../../../../net/http1/server/patience.ts";
import { assert, assertEquals } from "../../../support/assert.ts";
import { VirtualRuntime } from "../../../support/virtual_runtime.ts";
import { countingWaker, currentLoop, sleep } from "wakeful/runtime";

Deno.test("Patience: wakes when it has run out, keeps no waker when it is over", () => {
  using virtual = new VirtualRuntime();
  const { waker, count } = countingWaker();
  virtual.run(function* () {
    const patience = new Patience(currentLoop().timers);
    const cx = new Context(waker, currentLoop());
    patience.begin(100);
    assert(!patience.pollPassed(cx));
    yield* sleep(99);
    assertEquals(count.wakes, 0);
    yield* sleep(1);
    assertEquals(count.wakes, 1);
    assert(patience.pollPassed(cx));
    patience.begin(Infinity);
    yield* sleep(10_000);
    assert(!patience.pollPassed(new Context(noopWaker(), currentLoop())));
    patience.end();
  });
  assertEquals(count.handles, 1);
});

Deno.test("HttpDate: the form of RFC 9110, for the second", () => {
  const date = new HttpDate();
  assertEquals(date.at(784_111_777_000), "Sun, 06 Nov 1994 08:49:37 GMT");
  assertEquals(date.at(784_111_777_999), "Sun, 06 Nov 1994 08:49:37 GMT");
  assertEquals(date.at(784_111_778_000), "Sun, 06 Nov 1994 08:49:38 GMT");
});
