/**
 * γ(x) = e^{2.5} [0.3 N(−4, 0.5²) + 0.7 N(5, 1)] with the reference N(0, 10²), and what quadrature says of its path:
 * log Z = 2.5 at β = 1, mean 2.3, P(x < 0) = 0.3000002006561.
 */
import type { LogDensity } from "@siegert/log-density";

const LOG_ROOT_2_PI = 0.5 * Math.log(2 * Math.PI);

export const bimodal: LogDensity = {
  dim: 1,
  logDensity: ([x = 0]) => {
    const a = Math.log(0.3) - 0.5 * ((x + 4) / 0.5) ** 2 - Math.log(0.5);
    const b = Math.log(0.7) - 0.5 * (x - 5) ** 2;
    const high = Math.max(a, b);
    return 2.5 - LOG_ROOT_2_PI + high + Math.log(Math.exp(a - high) + Math.exp(b - high));
  },
  logDensityAndGradient(position, gradient) {
    const x = position[0]!;
    const a = Math.log(0.3) - 0.5 * ((x + 4) / 0.5) ** 2 - Math.log(0.5);
    const b = Math.log(0.7) - 0.5 * (x - 5) ** 2;
    const share = 1 / (1 + Math.exp(b - a));
    gradient[0] = share * (-(x + 4) / 0.25) + (1 - share) * -(x - 5);
    return this.logDensity(position);
  },
};

/** Exact values of the path: β, log Z(β), ⟨V⟩ with V = log γ − log reference, ⟨x⟩, P(x < 0). */
export const RUNGS: readonly (readonly [number, number, number, number, number])[] = [
  [0, 0, -44.36114363135, 0, 0.5],
  [0.05, -0.44142263640047, -1.750469907226, 1.748117915449, 0.3894981397737],
  [0.5, 0.5887112785109, 3.519316484172, 2.071522182319, 0.3221583006721],
  [1, 2.5, 4.015039948511, 2.3, 0.3000002006561],
];

/** For threads, which load this module. */
export function makeBimodal(): LogDensity {
  return bimodal;
}
