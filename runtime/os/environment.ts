/** An environment variable; unset, empty, and one that may not be read are all the same. */
export function readVariable(name: string): string | undefined {
  // To ask first is what keeps Deno from asking the user.
  const { state } = Deno.permissions.querySync({ name: "env", variable: name });
  return (state === "granted" && Deno.env.get(name)) || undefined;
}
