import type { HttpEndpoint } from "../../../net/mod.ts";
import { UsageError } from "../../cli/errors.ts";
import { quote } from "../../cli/quote.ts";
import type { WebAddress } from "./web_address.ts";

/** Where one kind of connection leads; requests to the same place share their connections. */
export interface Origin {
  /** Its number among the origins of a run. */
  readonly id: number;
  readonly secure: boolean;
  /** Whom the certificate has to name. */
  readonly host: string;
  readonly hostField: string;
  readonly endpoint: HttpEndpoint;
}

/** What `--resolve` says: for this host and port, connect to that address. */
export interface Override {
  readonly host: string;
  readonly port: number;
  readonly address: string;
}

const OVERRIDE = /^(.+):(\d{1,5}):(.+)$/;
const MAX_PORT = 65_535;
const BRACKETS = /^\[(.*)\]$/;

/** @throws {UsageError} when it is no `HOST:PORT:ADDRESS` */
export function readOverride(word: string): Override {
  const [, host, port, address] = OVERRIDE.exec(word) ?? [];
  if (host === undefined || Number(port) > MAX_PORT) {
    throw new UsageError(
      `--resolve ${quote(word)}: expected HOST:PORT:ADDRESS, such as example.org:443:127.0.0.1`,
    );
  }
  const plain = (name: string) => name.replace(BRACKETS, "$1");
  return { host: plain(host).toLowerCase(), port: Number(port), address: plain(address) };
}

/** Knows where each host and port leads, and numbers what it has been asked for. */
export class Routes {
  #origins = new Map<string, Origin>();
  #overrides: readonly Override[];
  #unix: string | undefined;

  constructor({ overrides = [], unix }: { overrides?: readonly Override[]; unix?: string } = {}) {
    this.#overrides = overrides;
    this.#unix = unix;
  }

  /** Every origin so far. */
  get origins(): readonly Origin[] {
    return [...this.#origins.values()];
  }

  to({ secure, host, port, hostField }: WebAddress): Origin {
    const key = `${secure ? "https" : "http"}://${host}:${port}`;
    const known = this.#origins.get(key);
    if (known !== undefined) return known;
    const endpoint = this.#endpoint(host, port);
    const origin = { id: this.#origins.size, secure, host, hostField, endpoint };
    this.#origins.set(key, origin);
    return origin;
  }

  #endpoint(host: string, port: number): HttpEndpoint {
    if (this.#unix !== undefined) return { unix: this.#unix };
    const isMeant = (other: Override) => other.host === host && other.port === port;
    return { host: this.#overrides.find(isMeant)?.address ?? host, port };
  }
}
