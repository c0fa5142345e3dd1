import { type EncodedLatencies, Latencies } from "./latencies.ts";
import { type Counts, Ledger } from "./ledger.ts";

/** What was measured of the requests to one URL, or of all of them. */
export class Tally {
  readonly ledger: Ledger = new Ledger();
  /** From when a request was begun to the last byte of its answer, of all that were answered. */
  readonly service: Latencies = new Latencies();
  /** The same from when it was due; of an open run only. */
  readonly response: Latencies = new Latencies();
  /** How many answers had which status. */
  readonly statuses: number[] = [];
  bytesIn = 0;
  bytesOut = 0;

  begun(bytes: number): void {
    this.ledger.sent++;
    this.bytesOut += bytes;
  }

  answered(status: number, service: number, bytes: number): void {
    if (status < FIRST_BAD_STATUS) this.ledger.ok++;
    else this.ledger.badStatus++;
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
    this.service.record(service);
    this.bytesIn += bytes;
  }

  add(other: Tally): void {
    this.ledger.add(other.ledger);
    this.service.add(other.service);
    this.response.add(other.response);
    other.statuses.forEach((count, status) => {
      this.statuses[status] = (this.statuses[status] ?? 0) + count;
    });
    this.bytesIn += other.bytesIn;
    this.bytesOut += other.bytesOut;
  }

  encode(): EncodedTally {
    return {
      ledger: { ...this.ledger },
      service: this.service.encode(),
      response: this.response.encode(),
      statuses: Object.entries(this.statuses).map(([status, count]) => [Number(status), count]),
      bytesIn: this.bytesIn,
      bytesOut: this.bytesOut,
    };
  }

  static decode(encoded: EncodedTally): Tally {
    const tally = new Tally();
    tally.ledger.add(encoded.ledger);
    tally.service.add(Latencies.decode(encoded.service));
    tally.response.add(Latencies.decode(encoded.response));
    for (const [status, count] of encoded.statuses) tally.statuses[status] = count;
    tally.bytesIn = encoded.bytesIn;
    tally.bytesOut = encoded.bytesOut;
    return tally;
  }
}

/** What can be sent to another thread. */
export interface EncodedTally {
  readonly ledger: Counts;
  readonly service: EncodedLatencies;
  readonly response: EncodedLatencies;
  readonly statuses: readonly (readonly [status: number, count: number])[];
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** From here on the server says that something went wrong. */
export const FIRST_BAD_STATUS = 400;
