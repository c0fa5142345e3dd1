import type { Fields } from "../../runtime/mod.ts";

/** What the server is doing and has done so far. */
export class Traffic {
  connections = 0;
  bytesIn = 0;
  bytesOut = 0;
}

/** What changed between two looks at the traffic. */
export class TrafficReport {
  #traffic: Readonly<Traffic>;
  #bytesIn = 0;
  #bytesOut = 0;

  constructor(traffic: Readonly<Traffic>) {
    this.#traffic = traffic;
  }

  /** Connections, and bytes per second over the `seconds` since the last look. */
  next(seconds: number): Fields {
    const { connections, bytesIn, bytesOut } = this.#traffic;
    const fields = {
      connections,
      in: perSecond(bytesIn - this.#bytesIn, seconds),
      out: perSecond(bytesOut - this.#bytesOut, seconds),
    };
    this.#bytesIn = bytesIn;
    this.#bytesOut = bytesOut;
    return fields;
  }
}

function perSecond(bytes: number, seconds: number): string {
  return `${Math.round(bytes / seconds)}B/s`;
}
