import fc from "../../support/fast_check.ts";
import { Mutex } from "wakeful/runtime";
import { type AnyLock, lockCommands, LockRig } from "../../support/lock_rig.ts";

function lockOf(): AnyLock {
  const mutex = new Mutex({ readers: 0, writers: 0 });
  return {
    lock: () => mutex.lock(),
    tryLock: () => mutex.tryLock(),
    downgrade: (guard) => guard, // the model never asks a mutex
  };
}

Deno.test("Mutex: never two inside, nobody forgotten, whatever comes in whatever order", () => {
  fc.assert(
    fc.property(lockCommands("write"), (commands) => {
      const rig = new LockRig(lockOf());
      for (const command of commands) if (command.act !== "downgrade") rig.run(command);
      rig.finish("write");
    }),
    { numRuns: 500 },
  );
});
