import type { LogDensity } from "@siegert/log-density";
import { createRandom, type Random } from "@siegert/random";
import { type Consensus, combine } from "../../src/index.ts";
import { drawnShard } from "./drawn-shards.ts";

/** A density without a gradient, which nothing here asks for. */
export function knownDensity(dim: number, logDensity: (position: Float64Array) => number): LogDensity {
  return {
    dim,
    logDensity,
    logDensityAndGradient: () => {
      throw new Error("no gradient is asked for");
    },
  };
}

/** The consensus of a single shard: draws as they come. */
export function consensusOf(
  dim: number,
  draw: (random: Random, out: Float64Array) => void,
  { draws = 1000, seed = 1 } = {},
): Consensus {
  const random = createRandom(seed, "consensus");
  return combine([drawnShard(dim, { draws }, (out) => draw(random, out))], { dim });
}
