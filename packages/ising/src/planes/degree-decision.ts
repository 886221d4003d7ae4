/** New spins at a site of any degree up to six, without a field: as logic on vectors and, its twin, on words. */
import { type Expr, type FunctionBuilder, type Local, type Statement, v128 } from "@siegert/wasm";
import type { UpdateKernel } from "../lattice/rule.ts";

const { and, andnot, not, or, xor } = v128;

/** Energy levels with thresholds: values of |h| > 0 at a site of this degree. */
export function levelsOf(degree: number): number[] {
  return Array.from({ length: Math.ceil(degree / 2) }, (_, k) => degree - 2 * k);
}

/** What a decision reads. */
export interface SiteInputs {
  /** σ s' of the neighbours. */
  readonly pulls: readonly Local<"v128">[];
  readonly own: Local<"v128">;
  /** Plane of each level, by level. */
  readonly planes: ReadonlyMap<number, Local<"v128">>;
  readonly raw: Local<"v128">;
}

/** Statements that put new spins into `out`. */
export function emitSite(
  fn: FunctionBuilder,
  kernel: UpdateKernel,
  { pulls, own, planes, raw }: SiteInputs,
  out: Local<"v128">,
): Statement[] {
  const degree = pulls.length;
  const isHeatBath = kernel === "heat-bath";
  if (degree === 0) return [out.set(raw)];
  const agree = isHeatBath ? [] : pulls.map((pull) => pull.set(not(xor(pull, own))));
  const { statements, counts } = emitCounts(fn, pulls);
  const union = (terms: readonly Expr<"v128">[]) => terms.reduce((a, b) => or(a, b));
  const code = [...agree, ...statements];
  const levels = levelsOf(degree);
  const above = (level: number) => counts[(degree + level) / 2]!;
  const below = (level: number) => counts[(degree - level) / 2]!;
  if (!isHeatBath) {
    const gains = levels.map(below);
    const paid = levels.map((level) => and(above(level), planes.get(level)!));
    const free = degree % 2 === 0 ? [and(below(0), raw)] : [];
    return [...code, out.set(xor(own, union([...gains, ...paid, ...free])))];
  }
  const up = union(levels.map(above));
  const against = union(levels.map((level) => and(or(above(level), below(level)), planes.get(level)!)));
  const decided = xor(up, against);
  return [...code, out.set(degree % 2 === 0 ? or(decided, and(below(0), raw)) : decided)];
}

/** Masks of where 0, 1, … of the bits are set. */
function emitCounts(
  fn: FunctionBuilder,
  bits: readonly Local<"v128">[],
): { statements: Statement[]; counts: Local<"v128">[] } {
  const counts = fn.locals("v128", bits.length + 1) as Local<"v128">[];
  const [first, ...rest] = bits;
  const statements: Statement[] = [counts[0]!.set(not(first!)), counts[1]!.set(first!)];
  rest.forEach((bit, k) => {
    statements.push(counts[k + 2]!.set(and(counts[k + 1]!, bit)));
    for (let n = k + 1; n > 0; n--) {
      statements.push(counts[n]!.set(v128.bitselect(counts[n - 1]!, counts[n]!, bit)));
    }
    statements.push(counts[0]!.set(andnot(counts[0]!, bit)));
  });
  return { statements, counts };
}

const counts = new Int32Array(8);

/**
 * The same for one word: `pulls[0 … degree)` are σ s', `planes[level]` the plane of each level.
 */
export function decideSite(
  kernel: UpdateKernel,
  degree: number,
  pulls: Int32Array,
  own: number,
  planes: Int32Array,
  raw: number,
): number {
  if (degree === 0) return raw;
  const flip = kernel === "heat-bath" ? 0 : ~own;
  counts.fill(0);
  counts[0] = -1;
  for (let k = 0; k < degree; k++) {
    const bit = pulls[k]! ^ flip;
    for (let n = k + 1; n > 0; n--) counts[n] = (counts[n]! & ~bit) | (counts[n - 1]! & bit);
    counts[0]! &= ~bit;
  }
  let result = 0;
  for (let n = 0; n <= degree; n++) {
    const level = 2 * n - degree;
    const plane = planes[Math.abs(level)]!;
    if (kernel === "metropolis") result |= counts[n]! & (level < 0 ? -1 : level === 0 ? raw : plane);
    else result |= counts[n]! & (level === 0 ? raw : level > 0 ? ~plane : plane);
  }
  return kernel === "heat-bath" ? result : own ^ result;
}
