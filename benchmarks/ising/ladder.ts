/**
 * A cold process, from its start to a tuned and sampled ladder on the 22 × 22 torus. Prints how many scans it made and how
 * many standard errors the energies of its rungs are from the exact ones, at most.
 */
import { isingReplicas } from "@siegert/ising";
import { temper } from "@siegert/pt-tempering";

/**
 * log Z of the L × L torus (Kaufman 1949, 10.1103/PhysRev.76.1232), L even: products over odd and even momenta, with J = 1.
 * The fourth product enters with the sign of T − T_c.
 */
function logPartition(length: number, beta: number): number {
  const terms = Array.from({ length: 2 * length }, (_, r) => {
    const cosh = (Math.cosh(2 * beta) * Math.cosh(2 * beta)) / Math.sinh(2 * beta) - Math.cos((Math.PI * r) / length);
    return r === 0 ? 2 * beta + Math.log(Math.tanh(beta)) : Math.acosh(Math.max(1, cosh));
  });
  const product = (parity: number, fn: (x: number) => number) => {
    let sum = 0;
    for (let r = parity; r < 2 * length; r += 2) sum += fn((length * terms[r]!) / 2);
    return sum;
  };
  const logCosh = (x: number) => Math.abs(x) + Math.log1p(Math.exp(-2 * Math.abs(x))) - Math.LN2;
  const logSinh = (x: number) => Math.abs(x) + Math.log(-Math.expm1(-2 * Math.abs(x))) - Math.LN2;
  const logs = [product(1, logCosh), product(1, logSinh), product(0, logCosh), product(0, logSinh)];
  const largest = Math.max(...logs);
  const sign = Math.sign(terms[0]!);
  const sum = logs.reduce((total, value, k) => total + (k === 3 ? sign : 1) * Math.exp(value - largest), 0);
  const sites = length * length;
  return (sites / 2) * Math.log(2 * Math.sinh(2 * beta)) + length * Math.LN2 + largest + Math.log(sum) - Math.LN2;
}

/** Exact energy of a torus, as a difference quotient of log Z. */
function exactEnergy(length: number, beta: number): number {
  const step = 1e-4;
  return -(logPartition(length, beta + step) - logPartition(length, beta - step)) / (2 * step);
}

const problem = isingReplicas({ lattice: { size: [22, 22] } });
const run = await temper(problem, { seed: 1, chains: 16, rounds: 11, maxBeta: 0.5, threads: 1 });
const deviations = run.last!.rungs.slice(1).map(({ beta, meanEnergy, meanEnergyError }) => {
  return Math.abs(meanEnergy! - exactEnergy(22, beta)) / meanEnergyError!;
});
const scans = run.rounds.reduce((sum, round) => sum + round.scans, 0);
console.log(JSON.stringify({ scans, draws: run.draws().draws, worst: Math.max(...deviations) }));
