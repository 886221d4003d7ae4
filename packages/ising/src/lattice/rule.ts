/**
 * What decides the new value of a spin: which local situations there are, and with which probability each of them sets
 * or flips it. Local fields are those of four neighbours, h = Σ σ s' with σ = ±1 (or 0 for a bond that is not there).
 */
import { expPlain, sigmoidPlain } from "@siegert/wasm";

/**
 * How a spin is updated: drawn from its conditional law, or flipped with probability min(1, exp(−β ΔV)), but ½ where the
 * flip costs nothing. (If it were always made, sweeps over a ring would not reach all states.)
 */
export type UpdateKernel = "heat-bath" | "metropolis";

/** What a kernel is compiled for. */
export interface LatticeRule {
  readonly kernel: UpdateKernel;
  /** Whether bonds can be missing. */
  readonly isDiluted: boolean;
  readonly hasField: boolean;
}

/** Values of h that a site can have. */
export function localFields({ isDiluted }: LatticeRule): readonly number[] {
  return isDiluted ? [-4, -3, -2, -1, 0, 1, 2, 3, 4] : [-4, -2, 0, 2, 4];
}

/** A situation with a threshold of its own. */
export interface Situation {
  /**
   * Heat bath: |h| > 0 without a field (the threshold is that of standing against h), h with one (that of up).
   * Metropolis: s·h, where flipping costs energy.
   */
  readonly level: number;
  /** The spin's own value, where it matters. */
  readonly spin?: 1 | -1;
}

/** Situations that have thresholds, in the order in which thresholds are kept. */
export function situations(rule: LatticeRule): readonly Situation[] {
  const fields = localFields(rule);
  if (!rule.hasField) return fields.filter((h) => h > 0).map((level) => ({ level }));
  if (rule.kernel === "heat-bath") return fields.map((level) => ({ level }));
  return ([1, -1] as const).flatMap((spin) => fields.map((level) => ({ level, spin })));
}

/**
 * Probability of each situation: of standing against the local field (heat bath without a field), of being up (heat
 * bath with one), of flipping (Metropolis).
 * @param strength β·|J|.
 * @param field β·H.
 */
export function probabilities(rule: LatticeRule, strength: number, field: number): number[] {
  return situations(rule).map(({ level, spin = 1 }) => {
    if (rule.kernel === "metropolis") {
      const cost = 2 * (strength * level + field * spin);
      return cost === 0 && strength > 0 ? 0.5 : expPlain(Math.min(0, -cost));
    }
    return rule.hasField ? sigmoidPlain(2 * (strength * level + field)) : sigmoidPlain(-2 * strength * level);
  });
}

/**
 * A probability as an integer of `bits` bits: a uniform integer below it occurs with a probability that differs from p
 * by at most 2^−(bits + 1).
 */
export function threshold(probability: number, bits: number): number {
  return Math.round(probability * 2 ** bits);
}
