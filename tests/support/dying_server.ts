/** Accepts once, says its last words, and kills itself; "unread" leaves bytes that it did not read. */
const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
console.log(`port ${(listener.addr as Deno.NetAddr).port}`);
const connection = await listener.accept();
if (Deno.args.includes("unread")) await connection.read(new Uint8Array(1));
await connection.write(new TextEncoder().encode("last words"));
Deno.kill(Deno.pid, "SIGKILL");
