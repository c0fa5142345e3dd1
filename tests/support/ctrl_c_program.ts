/** Waits for one SIGINT, says so, and waits for another. */
import { blockOn, ctrlC, sleep } from "../../runtime/mod.ts";

await blockOn(function* () {
  const interrupted = ctrlC();
  setTimeout(() => console.log("listening"), 0);
  yield* interrupted;
  console.log("over");
  yield* sleep(60_000);
});
