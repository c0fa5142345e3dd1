/** A folder that goes with the test. */
export function tempDir(): Disposable & { path(name: string): string } {
  const dir = Deno.makeTempDirSync();
  return {
    path: (name) => `${dir}/${name}`,
    [Symbol.dispose]: () => Deno.removeSync(dir, { recursive: true }),
  };
}
