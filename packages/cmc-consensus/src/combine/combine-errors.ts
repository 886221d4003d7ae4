import { SiegertError } from "@siegert/errors";

/** The draws of a shard cannot be combined: one is not finite, or they do not spread in every direction. */
export class ShardDrawsError extends SiegertError {
  override readonly name: string = "ShardDrawsError";
  /** Number of the shard. */
  readonly shard: number;
  /** Chain of the draw at fault, where one is. */
  readonly chain: number | undefined;
  /** Its place in the chain, where one is. */
  readonly draw: number | undefined;
  /** Index of the coordinate of the full posterior, where one is at fault. */
  readonly coordinate: number | undefined;

  constructor(
    shard: number,
    problem: string,
    at: { readonly chain?: number; readonly draw?: number; readonly coordinate?: number } = {},
  ) {
    super(`shard ${shard}: ${problem}`);
    this.shard = shard;
    this.chain = at.chain;
    this.draw = at.draw;
    this.coordinate = at.coordinate;
  }
}

/** No shard samples a coordinate of the full posterior, so that nothing is known about it. */
export class UninformedCoordinateError extends SiegertError {
  override readonly name: string = "UninformedCoordinateError";
  /** Index of the coordinate. */
  readonly coordinate: number;

  constructor(coordinate: number, label: string) {
    super(`no shard samples ${label}: give its points to a shard, or fix it and leave it out of the posterior`);
    this.coordinate = coordinate;
  }
}
