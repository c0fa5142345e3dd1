/** Whose chat is measured. Adding one is one entry. */
import type { EchoServer as Server } from "../echo/servers.ts";

export const EPOLL = "wakeful-epoll";
export const DENO_DRIVER = "wakeful-deno";
export const DENO_PEER = "deno";
export const NODE_PEER = "node";

/** Limits as anybody has them, but for those of what one client may say. */
function wakeful(driver: string, about: string): Server {
  const unbounded = ["--rate", "1000000", "--burst", "1000000", "--max-silent", "0"];
  const flags = ["--port", "0", "--driver", driver, ...unbounded];
  const words = [Deno.execPath(), "run", "--quiet", "--allow-all", "main.ts", "chat-server"];
  return { name: `wakeful-${driver}`, words: [...words, ...flags], about };
}

export function servers(): Server[] {
  const deno = `Deno ${Deno.version.deno}`;
  return [
    wakeful("epoll", `chat-server, ${deno}, epoll driver`),
    wakeful("deno", `chat-server, ${deno}, deno driver`),
    {
      name: DENO_PEER,
      words: [Deno.execPath(), "run", "--quiet", "--allow-net", "bench/peers/chat_deno.ts", "0"],
      about: `${deno}, async/await over Deno.listen`,
    },
    {
      name: NODE_PEER,
      words: ["node", "bench/peers/chat_node.mjs", "0"],
      about: "Node, node:net",
    },
  ];
}
