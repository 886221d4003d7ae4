/** Options that lattices, graphs and tempered replicas share. */
import { InvalidArgumentError } from "@siegert/errors";
import { wantsSimd } from "./engine.ts";
import type { UpdateKernel } from "./lattice/rule.ts";

/** How spins are updated. */
export interface UpdateOptions {
  /** "heat-bath" (default), or "metropolis" on bit planes. */
  readonly kernel?: UpdateKernel;
  /** Binary digits of update probabilities on bit planes, 20 to 32: each is wrong by at most 2^−(digits + 1). Default 24. */
  readonly thresholdBits?: number;
  /** true: vector code or an error; false: the plain twins. Default: vector code where the host has it. */
  readonly simd?: boolean;
}

/** Options with their defaults. @throws {InvalidArgumentError} for one that is not usable. */
export function updateOptions({
  kernel = "heat-bath",
  thresholdBits = 24,
  simd,
}: UpdateOptions): Required<UpdateOptions> {
  if (kernel !== "heat-bath" && kernel !== "metropolis") {
    throw new InvalidArgumentError("kernel", 'be "heat-bath" or "metropolis"', kernel);
  }
  if (!(Number.isInteger(thresholdBits) && thresholdBits >= 20 && thresholdBits <= 32)) {
    throw new InvalidArgumentError("thresholdBits", "be an integer from 20 to 32", thresholdBits);
  }
  const isSupported = wantsSimd(undefined);
  if (simd && !isSupported) {
    throw new InvalidArgumentError("simd", "be false or left out where the host has no WebAssembly vectors", simd);
  }
  return { kernel, thresholdBits, simd: simd ?? isSupported };
}

/** @throws {InvalidArgumentError} unless β is finite and not negative, and positive for Metropolis. */
export function checkBeta(name: string, beta: number, kernel: UpdateKernel): void {
  if (!(beta >= 0 && beta < Infinity)) throw new InvalidArgumentError(name, "be finite and not negative", beta);
  if (beta === 0 && kernel === "metropolis") {
    throw new InvalidArgumentError(name, "be positive for Metropolis, which at 0 would only turn spins over", beta);
  }
}

/** @throws {InvalidArgumentError} unless a seed is a safe integer. */
export function checkSeed(seed: number): void {
  if (!Number.isSafeInteger(seed)) throw new InvalidArgumentError("seed", "be a safe integer", seed);
}

/** @throws {InvalidArgumentError} unless a count of sweeps is an integer from 0 to 2^31 − 1. */
export function checkSweeps(name: string, sweeps: number): void {
  if (!(Number.isInteger(sweeps) && sweeps >= 0 && sweeps < 2 ** 31)) {
    throw new InvalidArgumentError(name, "be an integer from 0 to 2^31 - 1", sweeps);
  }
}

/** @throws {InvalidArgumentError} unless spins are +1 or −1, one per node. */
export function checkSpins(spins: ArrayLike<number>, nodes: number): void {
  if (spins.length !== nodes) throw new InvalidArgumentError("spins", `have ${nodes} entries`, spins);
  for (let node = 0; node < nodes; node++) {
    if (spins[node] !== 1 && spins[node] !== -1)
      throw new InvalidArgumentError(`spins[${node}]`, "be 1 or -1", spins[node]);
  }
}
