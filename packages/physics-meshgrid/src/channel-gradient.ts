import type { ChannelGrid } from "@siegert/physics-core";

/** Gradient by the channels of a model, gathered over tiles and angles, and its chain to the physical parameters. */
export class ChannelGradient {
  /** Per channel of the grid, ∂/∂value of each used frame. */
  readonly byValue: readonly Float64Array[];
  /** ∂/∂κ of the angle at hand. */
  byKappa = 0;
  readonly #first: number;

  constructor(grid: ChannelGrid, first: number, count: number) {
    this.byValue = grid.channels.map(() => new Float64Array(count));
    this.#first = first;
  }

  clear(): void {
    for (const values of this.byValue) values.fill(0);
  }

  /** Adds ∂/∂parameters (all but phi0, which acts through κ) to `gradient`. */
  chain(grid: ChannelGrid, gradient: Float64Array): void {
    for (let c = 0; c < grid.channels.length; c++) {
      const { parameters, tangents, values } = grid.channels[c]!;
      const byValue = this.byValue[c]!;
      for (let p = 0; p < parameters.length; p++) {
        const start = p * values.length + this.#first;
        let sum = 0;
        for (let i = 0; i < byValue.length; i++) sum += byValue[i]! * tangents[start + i]!;
        gradient[parameters[p]!]! += sum;
      }
    }
  }
}
