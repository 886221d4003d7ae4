import { type BatchLogDensity, coordinateName, type LogDensity, LogDensityError } from "@siegert/log-density";
import type { Chain } from "../chain/chain.ts";

/** Evaluates a target for chains, and keeps its exceptions apart: points that cannot be, and faults. */
export class Evaluation {
  readonly target: LogDensity;
  /** Points rejected because the target threw a recoverable `LogDensityError`. */
  rejections = 0;

  constructor(target: LogDensity) {
    this.target = target;
  }

  /**
   * The log density where the chain wants it; NaN for a point that cannot be. @throws {LogDensityError} for a fault of
   * the target.
   */
  one(chain: Chain): number {
    try {
      return this.target.logDensityAndGradient(chain.position, chain.gradient);
    } catch (error) {
      return this.#rejected(error, chain);
    }
  }

  /** The same for several chains at once, written into `values` and the chains' gradients. */
  many(chains: readonly Chain[], batch: BatchLogDensity, buffers: BatchBuffers): void {
    const { positions, values, gradients } = buffers;
    const { dim } = batch;
    chains.forEach((chain, k) => {
      positions.set(chain.position, k * dim);
    });
    try {
      batch.logDensitiesAndGradients(positions, chains.length, values, gradients);
    } catch {
      // Which row it was is not known: each alone, so that one point does not reject the others.
      chains.forEach((chain, k) => {
        values[k] = this.one(chain);
      });
      return;
    }
    chains.forEach((chain, k) => {
      chain.gradient.set(gradients.subarray(k * dim, (k + 1) * dim));
    });
  }

  #rejected(error: unknown, chain: Chain): number {
    if (error instanceof LogDensityError && error.isRecoverable) {
      this.rejections++;
      return Number.NaN;
    }
    const what = error instanceof Error ? error.message : String(error);
    const where = `iteration ${chain.tally.iteration} of chain ${chain.settings.chain}`;
    throw new LogDensityError(`The log density threw in ${where}: ${what}`, {
      isRecoverable: false,
      position: chain.position,
      cause: error,
    });
  }
}

/** Room for a batch. */
export interface BatchBuffers {
  readonly positions: Float64Array;
  readonly values: Float64Array;
  readonly gradients: Float64Array;
}

/** Room for `count` rows of `dim`. */
export function batchBuffers(count: number, dim: number): BatchBuffers {
  return {
    positions: new Float64Array(count * dim),
    values: new Float64Array(count),
    gradients: new Float64Array(count * dim),
  };
}

/** Names of unconstrained coordinates for messages. */
export function namesOf(target: LogDensity): (index: number) => string {
  return (index) => coordinateName(target, index);
}
