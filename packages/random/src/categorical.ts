import { InvalidArgumentError } from "@siegert/errors";
import type { PhiloxWords } from "./philox-words.ts";
import { exp } from "./portable-math.ts";
import { uniform } from "./uniform.ts";

/** Index drawn with probability proportional to its weight. Takes 2 words. */
export function categorical(words: PhiloxWords, weights: ArrayLike<number>): number {
  const largest = largestWeight(weights);
  // Near the ends of the double range sums overflow or lose digits: there, weights relative to the largest.
  const unit = largest > 1e-280 && largest < 1e280 ? 1 : largest;
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += weights[i]! / unit;
  let rest = uniform(words) * total;
  let index = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]! / unit;
    if (weight === 0) continue;
    index = i;
    if (rest < weight) break;
    rest -= weight;
  }
  return index;
}

/** Index drawn with probability proportional to the exponential of its log weight. Takes 2 words. */
export function categoricalLog(words: PhiloxWords, logWeights: ArrayLike<number>): number {
  const largest = largestLogWeight(logWeights);
  let total = 0;
  for (let i = 0; i < logWeights.length; i++) total += exp(logWeights[i]! - largest);
  let rest = uniform(words) * total;
  let index = 0;
  for (let i = 0; i < logWeights.length; i++) {
    const weight = exp(logWeights[i]! - largest);
    if (weight === 0) continue;
    index = i;
    if (rest < weight) break;
    rest -= weight;
  }
  return index;
}

function largestWeight(weights: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    if (!(weight >= 0 && weight < Infinity)) {
      throw new InvalidArgumentError(`weights[${i}]`, "be non-negative and finite", weight);
    }
    if (weight > largest) largest = weight;
  }
  if (largest === 0) throw new InvalidArgumentError("weights", "hold at least one positive number", weights);
  return largest;
}

function largestLogWeight(logWeights: ArrayLike<number>): number {
  let largest = -Infinity;
  for (let i = 0; i < logWeights.length; i++) {
    const logWeight = logWeights[i]!;
    if (!(logWeight < Infinity))
      throw new InvalidArgumentError(`logWeights[${i}]`, "be finite or -Infinity", logWeight);
    if (logWeight > largest) largest = logWeight;
  }
  if (largest === -Infinity) {
    throw new InvalidArgumentError("logWeights", "hold at least one finite number", logWeights);
  }
  return largest;
}
