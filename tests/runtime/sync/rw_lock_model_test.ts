import fc from "../../support/fast_check.ts";
import { RwLock, type RwLockWriteGuard } from "wakeful/runtime";
import { type AnyLock, type Ledger, lockCommands, LockRig } from "../../support/lock_rig.ts";

function lockOf(): AnyLock {
  const lock = new RwLock<Ledger>({ readers: 0, writers: 0 });
  return {
    lock: (kind) => kind === "read" ? lock.read() : lock.write(),
    tryLock: (kind) => kind === "read" ? lock.tryRead() : lock.tryWrite(),
    downgrade: (guard) => (guard as RwLockWriteGuard<Ledger>).downgrade(),
  };
}

Deno.test("RwLock: never a writer with anybody, nobody forgotten, whatever comes", () => {
  fc.assert(
    fc.property(lockCommands("read", "write"), (commands) => {
      const rig = new LockRig(lockOf());
      for (const command of commands) rig.run(command);
      rig.finish("write");
    }),
    { numRuns: 1000 },
  );
});
