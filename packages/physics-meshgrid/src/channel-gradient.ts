import type { Arena } from "./arena.ts";

/** Gradient by the channels of a model, gathered over tiles and angles. */
export class ChannelGradient {
  /** Per channel, ∂/∂value of each used frame; `padded` long. */
  readonly byValue: readonly Float64Array[];
  /** ∂/∂κ of the angle at hand. */
  byKappa = 0;

  constructor(channels: number, padded: number, arena: Arena) {
    this.byValue = Array.from({ length: channels }, () => arena.allocate(padded));
  }

  clear(): void {
    for (const values of this.byValue) values.fill(0);
  }
}
