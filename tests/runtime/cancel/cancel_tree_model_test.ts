/** Random trees of coroutines, cancelled at a random moment: what has to hold for every one. */

import fc from "../../support/fast_check.ts";
import {
  byRef,
  CancellationToken,
  Cancelled,
  type Co,
  End,
  type Ended,
  intoFuture,
  join,
  JoinSet,
  race,
  scope,
  select,
  shielded,
  sleep,
  spawn,
  TaskLocal,
  tryJoin,
} from "wakeful/runtime";
import { assert, assertEquals } from "../../support/assert.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

const LIMIT = 1_000_000;
const LONG_ENOUGH = 10_000;

const LEAVES = ["sleep", "fail"] as const;
const ONE = ["shield", "local", "catch", "task", "owned task", "token", "kept"] as const;
const MANY = ["sequence", "race", "select", "join", "tryJoin", "scope", "set"] as const;

interface Tree {
  readonly kind: typeof LEAVES[number] | typeof ONE[number] | typeof MANY[number];
  /** How long a leaf sleeps. */
  readonly length: number;
  /** How long the cleanup waits. */
  readonly cleanup: number;
  readonly inside: readonly Tree[];
}

const few = { maxLength: 3, minLength: 1 };
const numbers = { length: fc.nat(6), cleanup: fc.oneof(fc.constant(0), fc.nat(4)) };
const tree = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, depthSize: "large" },
    fc.record({ ...numbers, kind: fc.constantFrom(...LEAVES), inside: fc.constant([]) }),
    fc.record({ ...numbers, kind: fc.constantFrom(...ONE), inside: fc.tuple(tie("tree")) }),
    fc.record({ ...numbers, kind: fc.constantFrom(...MANY), inside: fc.array(tie("tree"), few) }),
  ),
})).tree;

const moment = fc.nat(12);

class Boom extends Error {}

/** One coroutine of the tree, from its first step to the end of its finally block. */
interface Frame {
  readonly outer: Frame | undefined;
  left: boolean;
  /** How many frames inside it have to be left before it is. */
  open: number;
}

class Rig {
  readonly virtual = new VirtualRuntime();
  readonly token = new CancellationToken();
  readonly frames: Frame[] = [];
  readonly thrown: Boom[] = [];
  readonly caught: unknown[] = [];
  readonly mistakes: string[] = [];
  readonly ends: Ended<void>[] = [];
  /** Whether the children of a scope clean up before what is around it: not when all is cut short. */
  scopesInOrder = true;
  #local = new TaskLocal<number>("local");

  /** Starts the tree, and at their moments the two ways to cancel it. */
  start(tree: Tree, abortAt: number, cancelAt: number, abortFirst: boolean): void {
    const { runtime } = this.virtual;
    const abort = () =>
      this.virtual.spawn(function* () {
        yield* sleep(abortAt);
        task.abort("stop");
      });
    if (abortFirst) abort();
    const onEnd = (ended: Ended<void>) => void this.ends.push(ended);
    const task = runtime.spawn(() => this.#visit(tree, undefined, undefined), { onEnd });
    if (!abortFirst) abort();
    const { token } = this;
    this.virtual.spawn(function* () {
      yield* sleep(cancelAt);
      token.cancel("token");
    });
  }

  *#visit(tree: Tree, bound: number | undefined, outer: Frame | undefined): Co<void> {
    const frame = this.#enter(outer);
    try {
      this.#look(bound);
      yield* this.#live(tree, bound, frame);
      this.#look(bound);
    } finally {
      this.#look(bound);
      try {
        if (tree.cleanup > 0) yield* shielded(LIMIT, () => sleep(tree.cleanup));
      } finally {
        this.#look(bound);
        this.#leave(frame);
      }
    }
  }

  *#live(tree: Tree, bound: number | undefined, frame: Frame): Co<void> {
    const [only] = tree.inside;
    const loose = tree.inside.map((part) => () => this.#visit(part, bound, undefined));
    const tight = tree.inside.map((part) => () => this.#visit(part, bound, frame));
    switch (tree.kind) {
      case "sleep":
        return yield* sleep(tree.length);
      case "fail":
        yield* sleep(tree.length);
        return this.#throw();
      case "shield":
        return yield* shielded(LIMIT, tight[0]);
      case "local":
        return yield* this.#local.scope(tree.length, () => this.#visit(only, tree.length, frame));
      case "catch":
        return yield* this.#catch(tight[0]);
      case "task":
        return yield* spawn(() => this.#visit(only, undefined, undefined));
      case "owned task":
        return yield* spawn(() => this.#visit(only, undefined, undefined)).abortOnDrop();
      case "token":
        return yield* this.token.run(loose[0]);
      case "kept":
        return yield* this.#keep(loose[0]);
      case "sequence":
        for (const part of tight) yield* part();
        return;
      case "race":
        return yield* race(...loose);
      case "select":
        return void (yield* select(Object.fromEntries(loose.entries())));
      case "join":
        return void (yield* join(...tight));
      case "tryJoin":
        return void (yield* tryJoin(...loose));
      case "scope":
        return yield* this.#scope(tree, frame);
      case "set":
        return yield* this.#set(tree);
    }
  }

  *#scope({ inside }: Tree, frame: Frame): Co<void> {
    const outer = this.scopesInOrder ? frame : undefined;
    yield* scope((s) => {
      for (const part of inside) s.spawn(() => this.#visit(part, undefined, outer));
      return s.spawn(() => sleep(1))[Symbol.iterator]() as Co<void>;
    });
  }

  *#set({ inside }: Tree): Co<void> {
    using set = new JoinSet<void>();
    for (const part of inside) set.spawn(() => this.#visit(part, undefined, undefined));
    while ((yield* set.joinNext()) !== End);
  }

  *#keep(body: () => Co<void>): Co<void> {
    using kept = intoFuture(body);
    yield* byRef(kept);
  }

  *#catch(body: () => Co<void>): Co<void> {
    try {
      yield* body();
    } catch (error) {
      this.caught.push(error);
    }
  }

  #throw(): never {
    const boom = new Boom(`boom ${this.thrown.length}`);
    this.thrown.push(boom);
    throw boom;
  }

  #look(bound: number | undefined): void {
    const seen = this.#local.tryGet();
    if (seen !== bound) this.mistakes.push(`saw ${seen} where ${bound} is bound`);
  }

  #enter(outer: Frame | undefined): Frame {
    const frame = { outer, left: false, open: 0 };
    if (outer !== undefined) outer.open++;
    this.frames.push(frame);
    return frame;
  }

  #leave(frame: Frame): void {
    if (frame.left) this.mistakes.push("left twice");
    if (frame.open > 0) this.mistakes.push(`left before ${frame.open} inside it`);
    if (frame.outer !== undefined) frame.outer.open--;
    frame.left = true;
  }

  /** Everything has ended, once, and nothing is left of it. */
  checkEnd(): void {
    assertEquals(this.mistakes, []);
    assertEquals(this.frames.filter(({ left }) => !left).length, 0, "coroutines never left");
    assertEquals(this.virtual.runtime.statistics(), { tasks: 0, timers: 0, registrations: 0 });
    assertEquals(this.token.waiting, 0);
    assertEquals(this.ends.length, 1);
    for (const error of this.errors()) {
      const known = error instanceof Boom ||
        (error instanceof Cancelled && error.reason === "token");
      assert(known, `not an error of the tree: ${error}`);
    }
    const [end] = this.ends;
    if (end.how === "aborted") assert(["stop", "the runtime was shut down"].includes(end.reason));
  }

  /** Wherever errors have come out. */
  errors(): unknown[] {
    const reported = this.virtual.reported.map(([, error]) => error);
    const outcome = this.ends.flatMap((end) => end.how === "error" ? [end.error] : []);
    return [...this.caught, ...reported, ...outcome];
  }

  /** No error comes out twice; none is lost, except one that a cancel met in a cleanup that waited. */
  checkErrors(tree: Tree): void {
    const errors = this.errors();
    const waits = this.#waitsInCleanup(tree);
    for (const boom of this.thrown) {
      const times = errors.filter((error) => error === boom).length;
      assert(times === 1 || (times === 0 && waits), `${boom.message} came out ${times} times`);
    }
  }

  #waitsInCleanup({ cleanup, inside }: Tree): boolean {
    return cleanup > 0 || inside.some((part) => this.#waitsInCleanup(part));
  }
}

Deno.test("cancel: whatever the tree and the moment, all is cleaned up once, in order, and nothing is lost", () => {
  fc.assert(
    fc.property(tree, moment, moment, fc.boolean(), (tree, abortAt, cancelAt, abortFirst) => {
      const rig = new Rig();
      rig.start(tree, abortAt, cancelAt, abortFirst);
      rig.virtual.advance(LONG_ENOUGH);
      rig.virtual.settle();
      rig.checkEnd();
      rig.checkErrors(tree);
      rig.virtual.runtime.shutdown();
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("cancel: a shutdown at any moment, during cleanup too, ends everything before it returns", () => {
  fc.assert(
    fc.property(tree, moment, moment, moment, (tree, abortAt, cancelAt, shutdownAt) => {
      const rig = new Rig();
      rig.scopesInOrder = false;
      rig.start(tree, abortAt, cancelAt, false);
      rig.virtual.advance(shutdownAt);
      rig.virtual.runtime.shutdown();
      rig.checkEnd();
    }),
    { numRuns: 1_000 },
  );
});
