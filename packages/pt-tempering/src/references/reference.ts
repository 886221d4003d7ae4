import type { LogDensity } from "@siegert/log-density";
import type { Random } from "@siegert/random";

/**
 * A density that one can draw from: the end of a path at β = 0. Normalise it when log Z is to be the logarithm of the
 * target's integral; otherwise log Z is that of the ratio of both integrals.
 */
export interface Reference extends LogDensity {
  /** Writes an independent draw (length dim), from this stream alone. */
  draw(random: Random, position: Float64Array): void;
}

/** What a value is that may be a reference: whether it has the three methods. */
export function isReference(value: unknown): value is Reference {
  const { dim, logDensity, logDensityAndGradient, draw } = (value ?? {}) as Partial<Reference>;
  return (
    Number.isSafeInteger(dim) &&
    typeof logDensity === "function" &&
    typeof logDensityAndGradient === "function" &&
    typeof draw === "function"
  );
}
