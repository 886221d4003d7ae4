import { SiegertError } from "@siegert/errors";

/** Where and why a run of parallel tempering could not go on. */
export interface TemperingErrorFields {
  /**
   * - "statistic": exploration wrote NaN or +∞ (or −∞ for a state whose density is needed);
   * - "exploration": the problem threw, see `cause`;
   * - "threads": threads died more often than a round is rerun, or one kept the others waiting for too long.
   */
  readonly reason: "statistic" | "exploration" | "threads";
  readonly round: number;
  /** From 0 within the round; unknown where another thread failed. */
  readonly scan?: number | undefined;
  readonly chain?: number | undefined;
  readonly beta?: number | undefined;
  readonly replica?: number | undefined;
  /** The value that is none. */
  readonly statistic?: number | undefined;
  /** The numbers of the state. */
  readonly state?: readonly number[] | undefined;
  readonly cause?: unknown;
}

/** A run cannot go on: which chain, inverse temperature, replica, round and state it was, as far as known. */
export class TemperingError extends SiegertError {
  override readonly name: string = "TemperingError";
  readonly reason: TemperingErrorFields["reason"];
  readonly round: number;
  readonly scan: number | undefined;
  readonly chain: number | undefined;
  readonly beta: number | undefined;
  readonly replica: number | undefined;
  readonly statistic: number | undefined;
  readonly state: readonly number[] | undefined;

  constructor(message: string, fields: TemperingErrorFields) {
    super(message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.reason = fields.reason;
    this.round = fields.round;
    this.scan = fields.scan;
    this.chain = fields.chain;
    this.beta = fields.beta;
    this.replica = fields.replica;
    this.statistic = fields.statistic;
    this.state = fields.state;
  }
}
