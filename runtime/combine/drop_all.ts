/** Drops every one of them, and then throws the first error that a cleanup threw. */
export function dropAll(droppables: Iterable<{ drop(): void }>): void {
  let failure: { error: unknown } | undefined;
  for (const droppable of droppables) {
    try {
      droppable.drop();
    } catch (error) {
      failure ??= { error };
    }
  }
  if (failure !== undefined) throw failure.error;
}
