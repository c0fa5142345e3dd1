import { bytes, joined, textOf } from "./bytes.ts";

/**
 * Sends `text` over a plain connection of Deno's and answers what comes back. With `keep` as many
 * bytes as were sent are waited for; otherwise the client finishes sending, reads to the end and
 * closes.
 */
export async function exchange(
  conn: Deno.Conn,
  text: string,
  { keep = false }: { keep?: boolean } = {},
): Promise<string> {
  const sent = bytes(text);
  await conn.write(sent);
  if (!keep) await conn.closeWrite();
  let received = new Uint8Array(0);
  const buffer = new Uint8Array(1024);
  while (!keep || received.length < sent.length) {
    const n = await conn.read(buffer);
    if (n === null) break;
    received = joined(received, buffer.subarray(0, n));
  }
  if (!keep) conn.close();
  return textOf(received);
}
