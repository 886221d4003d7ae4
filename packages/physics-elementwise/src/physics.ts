import type { ChannelGrid } from "@siegert/physics-core";
import type { Kernel } from "./kernel.ts";

/**
 * Between parameters and kernels: turns a parameter vector into the tables of factors, and the gradient tables back
 * into derivatives by the parameters.
 */
export interface Physics {
  /** Evaluates channels (with what `finish` needs, when wanted) and writes the factors of every angle. The kernel that fits them. */
  prepare(parameters: Float64Array, withGradient: boolean): Kernel;
  /** Forgets what `collect` has gathered. */
  reset(): void;
  /** Adds the gradient tables of one angle, times `scale`, to the derivatives by the channels. */
  collect(angle: number, scale: number): void;
  /** Writes the derivatives by the physical parameters to the first entries of `gradient`. */
  finish(parameters: Float64Array, gradient: Float64Array): void;
}

/** Largest span of exponents for which exponentials are stored per frame, referred to the middle of the span. */
export const LARGEST_SPAN = 600;

/** Writes derivatives by parameters: sums of channel derivatives times tangents. */
export function chainToParameters(grid: ChannelGrid, byChannel: readonly Float64Array[], gradient: Float64Array): void {
  const frames = grid.times.length;
  for (let c = 0; c < byChannel.length; c++) {
    const { parameters, tangents } = grid.channels[c]!;
    const derivative = byChannel[c]!;
    // Every channel has three parameters or four. Separate sums, because one sum waits for each addition.
    let first = 0;
    let second = 0;
    let third = 0;
    for (let i = 0; i < frames; i++) {
      const d = derivative[i]!;
      first += d * tangents[i]!;
      second += d * tangents[frames + i]!;
      third += d * tangents[2 * frames + i]!;
    }
    gradient[parameters[0]!] = first;
    gradient[parameters[1]!] = second;
    gradient[parameters[2]!] = third;
    if (parameters.length < 4) continue;
    let fourth = 0;
    for (let i = 0; i < frames; i++) fourth += derivative[i]! * tangents[3 * frames + i]!;
    gradient[parameters[3]!] = fourth;
  }
}
