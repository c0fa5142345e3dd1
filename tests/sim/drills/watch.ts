import { Closed, type Co, random, watch, type WatchReceiver } from "wakeful/runtime";
import { assert, assertEquals } from "../../support/assert.ts";
import { Crowd, rest } from "./crowd.ts";

const RECEIVERS = 3;
const VALUES = 8;
const MOST_KILLS = 3;

/** Values never go back, and whoever watches to the end has seen the last one. */
export function* watchDrill(): Co<void> {
  const [sender, first] = watch(0);
  const crowd = new Crowd();
  for (let i = 0; i < RECEIVERS; i++) {
    const receiver = i === 0 ? first : first.clone();
    crowd.add(
      "watcher",
      () => random().chance(0.3) ? waitForHalf(receiver) : see(receiver),
      receiver,
    );
  }
  crowd.add("watched", function* () {
    for (let value = 1; value <= VALUES; value++) {
      sender.send(value);
      yield* rest();
    }
  }, sender);
  yield* crowd.kill(MOST_KILLS);
  yield* crowd.end();

  function* see(receiver: WatchReceiver<number>): Co<void> {
    let last = 0;
    try {
      for (;;) {
        yield* receiver.changed();
        const value = receiver.borrowAndUpdate();
        assert(value > last, `${value} after ${last}`);
        last = value;
        yield* rest();
      }
    } catch (error) {
      if (!(error instanceof Closed)) throw error;
      assertEquals(last, sender.borrow());
    }
  }

  function* waitForHalf(receiver: WatchReceiver<number>): Co<void> {
    try {
      assert((yield* receiver.waitFor((value) => value >= VALUES / 2)) >= VALUES / 2);
    } catch (error) {
      if (!(error instanceof Closed)) throw error;
      assert(sender.borrow() < VALUES / 2, "closed before the value it waits for");
    }
  }
}
