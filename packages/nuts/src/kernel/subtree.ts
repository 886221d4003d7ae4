/** A stretch of a trajectory: 2^k neighbouring points in the order in which they were made, and one point drawn from them. */
export class Subtree {
  /** Sum of the (whitened) momenta. */
  readonly momentumSum: Float64Array;
  /** Momentum of the point made first, and of the one made last. */
  first: Float64Array;
  last: Float64Array;
  /** The point drawn from the stretch with the weights exp(H₀ − H). */
  position: Float64Array;
  gradient: Float64Array;
  logDensity = 0;
  energyError = 0;
  index = 0;
  /** Logarithm of the sum of the weights. */
  logWeight = 0;

  constructor(dim: number) {
    this.momentumSum = new Float64Array(dim);
    this.first = new Float64Array(dim);
    this.last = new Float64Array(dim);
    this.position = new Float64Array(dim);
    this.gradient = new Float64Array(dim);
  }

  /** Becomes the stretch of one point. */
  setLeaf(position: Float64Array, gradient: Float64Array, momentum: Float64Array): void {
    const { momentumSum, first, last, position: q, gradient: g } = this;
    for (let i = 0; i < momentumSum.length; i++) {
      const p = momentum[i]!;
      momentumSum[i] = p;
      first[i] = p;
      last[i] = p;
      q[i] = position[i]!;
      g[i] = gradient[i]!;
    }
  }

  /** Takes over the drawn point of another stretch; buffers are exchanged. */
  takeDraw(other: Subtree): void {
    const { position, gradient } = this;
    this.position = other.position;
    this.gradient = other.gradient;
    other.position = position;
    other.gradient = gradient;
    this.logDensity = other.logDensity;
    this.energyError = other.energyError;
    this.index = other.index;
  }

  /** Adds the stretch made after this one; its drawn point must have been considered before. Buffers are exchanged. */
  append(next: Subtree): void {
    const { momentumSum, last } = this;
    const added = next.momentumSum;
    for (let i = 0; i < momentumSum.length; i++) momentumSum[i] = momentumSum[i]! + added[i]!;
    this.last = next.last;
    next.last = last;
    this.logWeight = logSumExp(this.logWeight, next.logWeight);
  }
}

/** log(eᵃ + eᵇ). */
export function logSumExp(a: number, b: number): number {
  if (a > b) return a + Math.log1p(Math.exp(b - a));
  if (b === -Infinity) return b;
  return b + Math.log1p(Math.exp(a - b));
}

/**
 * Whether a trajectory made of two stretches turns back: the generalised criterion of Betancourt (2017, arXiv 1701.02434, appendix A.4.2) on the whole,
 * and on each stretch extended by the nearest point of the other, as Stan does. Without the latter two, a trajectory that closes
 * on itself between the checks may run on to many times its length. Momenta are whitened, so M⁻¹ does not appear.
 */
export function isTurning(
  sumA: Float64Array,
  firstA: Float64Array,
  lastA: Float64Array,
  sumB: Float64Array,
  firstB: Float64Array,
  lastB: Float64Array,
): boolean {
  let wholeFirst = 0;
  let wholeLast = 0;
  let startFirst = 0;
  let startLast = 0;
  let endFirst = 0;
  let endLast = 0;
  for (let i = 0; i < sumA.length; i++) {
    const a = sumA[i]!;
    const b = sumB[i]!;
    const outerA = firstA[i]!;
    const outerB = lastB[i]!;
    const innerA = lastA[i]!;
    const innerB = firstB[i]!;
    wholeFirst += (a + b) * outerA;
    wholeLast += (a + b) * outerB;
    startFirst += (a + innerB) * outerA;
    startLast += (a + innerB) * innerB;
    endFirst += (b + innerA) * innerA;
    endLast += (b + innerA) * outerB;
  }
  return !(wholeFirst > 0 && wholeLast > 0 && startFirst > 0 && startLast > 0 && endFirst > 0 && endLast > 0);
}

/** The same for two single points, where the three checks are one. */
export function isPairTurning(a: Float64Array, b: Float64Array): boolean {
  let first = 0;
  let last = 0;
  for (let i = 0; i < a.length; i++) {
    const sum = a[i]! + b[i]!;
    first += sum * a[i]!;
    last += sum * b[i]!;
  }
  return !(first > 0 && last > 0);
}
