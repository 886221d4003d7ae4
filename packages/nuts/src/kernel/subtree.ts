/**
 * A stretch of a trajectory: 2^k neighbouring points in the order in which they were made, and one point drawn from
 * them.
 */
export class Subtree {
  /** Sum of the (whitened) momenta. */
  readonly momentumSum: Float64Array;
  /** Momentum of the point made first, and of the one made last; the latter is not written while there is but one. */
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
    const { momentumSum, first, position: q, gradient: g } = this;
    for (let i = 0; i < momentumSum.length; i++) {
      const p = momentum[i]!;
      momentumSum[i] = p;
      first[i] = p;
      q[i] = position[i]!;
      g[i] = gradient[i]!;
    }
  }

  /** Becomes the stretch of two points, of which it is the first; false when the two turn. */
  pairWith(momentum: Float64Array): boolean {
    const { momentumSum, first, last } = this;
    let forward = 0;
    let backward = 0;
    for (let i = 0; i < momentumSum.length; i++) {
      const a = first[i]!;
      const b = momentum[i]!;
      const sum = a + b;
      forward += sum * a;
      backward += sum * b;
      momentumSum[i] = sum;
      last[i] = b;
    }
    return forward > 0 && backward > 0;
  }

  /** Takes a copy of a point as the drawn one. */
  setDraw(position: Float64Array, gradient: Float64Array): void {
    const { position: q, gradient: g } = this;
    for (let i = 0; i < q.length; i++) {
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

  /** Adds the momenta of the stretch made after this one. Buffers are exchanged. */
  append(next: Subtree): void {
    const { momentumSum, last } = this;
    const added = next.momentumSum;
    for (let i = 0; i < momentumSum.length; i++) momentumSum[i] = momentumSum[i]! + added[i]!;
    this.last = next.last;
    next.last = last;
  }
}

/**
 * Whether a trajectory made of two stretches turns back: the generalised criterion of Betancourt (2017, arXiv
 * 1701.02434, appendix A.4.2) on the whole, and on each stretch extended by the nearest point of the other, as Stan
 * does. Without the latter two, a trajectory that closes on itself between the checks may run on to many times its
 * length. Momenta are whitened, so M⁻¹ does not appear.
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
  // Not a number counts as turning.
  return !(Math.min(wholeFirst, wholeLast, startFirst, startLast, endFirst, endLast) > 0);
}
