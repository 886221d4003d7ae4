import { InvalidArgumentError } from "@siegert/errors";

/**
 * Sandwich covariance A⁻¹MA⁻¹ of an estimate, without any finite-sample factor.
 *
 * Sources: Huber (1967), Proc. Fifth Berkeley Symp. 1, 221; White (1980), Econometrica 48, 817.
 *
 * @param inverse A⁻¹, the inverse of JᵀJ: row-major n × n, symmetric.
 * @param meat M, the sum of outer products of the scores over independent residuals or groups: row-major n × n,
 * symmetric.
 * @param n number of parameters, a whole number.
 * @returns the covariance, row-major n × n; a new array.
 * @throws {InvalidArgumentError} for an n that is no count or matrices that are not n × n.
 */
export function sandwichCovariance(inverse: Float64Array, meat: Float64Array, n: number): Float64Array {
  if (!(Number.isInteger(n) && n >= 0)) throw new InvalidArgumentError("n", "be a count of parameters", n);
  const requirement = `have n × n = ${n * n} entries`;
  if (inverse.length !== n * n) throw new InvalidArgumentError("inverse", requirement, inverse);
  if (meat.length !== n * n) throw new InvalidArgumentError("meat", requirement, meat);
  return multiply(multiply(inverse, meat, n), inverse, n);
}

function multiply(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const left = a[i * n + k]!;
      for (let j = 0; j < n; j++) out[i * n + j]! += left * b[k * n + j]!;
    }
  }
  return out;
}
