import { InvalidArgumentError } from "@siegert/errors";

/** Log likelihood of every observation at every draw: row-major (chain, draw, observation). */
export interface LogLikelihood {
  readonly values: Float64Array;
  readonly chains: number;
  readonly draws: number;
}

/** The number of observations. @throws {InvalidArgumentError} for values that are no such table, NaN or +∞ among them. */
export function countObservations({ values, chains, draws }: LogLikelihood): number {
  for (const [name, count] of [["chains", chains] as const, ["draws", draws] as const]) {
    if (!Number.isInteger(count) || count < 1) {
      throw new InvalidArgumentError(`logLikelihood.${name}`, "be a positive integer", count);
    }
  }
  const observations = values.length / (chains * draws);
  if (!Number.isInteger(observations) || observations < 1) {
    throw new InvalidArgumentError("logLikelihood.values", "have length chains · draws · observations", values);
  }
  for (let i = 0; i < values.length; i++) {
    if (!(values[i]! < Infinity)) {
      throw new InvalidArgumentError(`logLikelihood.values[${i}]`, "be a number below +∞", values[i]);
    }
  }
  return observations;
}

/** The log likelihood of one observation at every draw, (chain, draw). */
export function observationColumn(values: Float64Array, observation: number, observations: number): Float64Array {
  const column = new Float64Array(values.length / observations);
  for (let s = 0; s < column.length; s++) column[s] = values[s * observations + observation]!;
  return column;
}
