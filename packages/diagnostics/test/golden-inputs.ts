/** The inputs of golden_diagnostics.json, rebuilt from their formulas. */

/** Park-Miller generator, its first 20 values dropped. */
export function* lcg(seed: number): Generator<number, never> {
  let state = seed;
  for (let k = 0; k < 20; k++) state = (16807 * state) % 2147483647;
  while (true) {
    state = (16807 * state) % 2147483647;
    yield state / 2147483647;
  }
}

/** Autoregressive chains of order one with logistic noise; chain c is raised by shift · c. */
export function autoregressive(seed: number, chains: number, draws: number, phi: number, shift = 0): number[][] {
  const uniforms = lcg(seed);
  return Array.from({ length: chains }, (_, chain) => {
    let x = 0;
    return Array.from({ length: draws }, () => {
      const u = uniforms.next().value;
      x = phi * x + Math.log(u / (1 - u));
      return x + shift * chain;
    });
  });
}

/** Independent Cauchy variates. */
export function cauchy(seed: number, chains: number, draws: number): number[][] {
  const uniforms = lcg(seed);
  return Array.from({ length: chains }, () =>
    Array.from({ length: draws }, () => Math.tan(Math.PI * (uniforms.next().value - 0.5))),
  );
}

/** The cases of the golden file by name. */
export const INPUTS: Readonly<Record<string, number[][]>> = {
  ar07_4x250_seed1: autoregressive(1, 4, 250, 0.7),
  ar07_4x251_seed1_odd: autoregressive(1, 4, 251, 0.7),
  antithetic_m05_4x250_seed7: autoregressive(7, 4, 250, -0.5),
  "shifted_0.5_2x100_seed3": autoregressive(3, 2, 100, 0.3, 0.5),
  cauchy_4x250_seed11: cauchy(11, 4, 250),
  int_ties_4x100_seed5: autoregressive(5, 4, 100, 0.5).map((chain) => chain.map(Math.floor)),
  single_chain_1x500_seed2: autoregressive(2, 1, 500, 0.9),
  tiny_4x4_seed9: autoregressive(9, 4, 4, 0.2),
};
