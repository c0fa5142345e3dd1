import type { Live } from "../../commands/cli/live.ts";

/** What stands in for the bottom of a terminal: what it shows is added to `shown`. */
export function liveRecord(shown: string[], columns = 80): Live {
  return {
    columns,
    show: (lines) => void shown.push(lines.join("\n")),
    leave: () => void shown.push("left"),
  };
}
