/** The new values of 128 spins from their neighbours, as logic on vectors. */
import { type Expr, type FunctionBuilder, type Local, type Statement, v128 } from "@siegert/wasm";
import { type LatticeRule, localFields, situations } from "./rule.ts";

type Vector = Expr<"v128">;
type VectorLocal = Local<"v128">;

/** What a decision reads. */
export interface DecisionInputs {
  /** σ s' of the four neighbours, 1 for up. */
  readonly pulls: readonly VectorLocal[];
  /** Whether each of the four bonds is there; empty when all are. */
  readonly bonds: readonly Vector[];
  /** The spins themselves. */
  readonly own: VectorLocal;
  /** One plane per threshold, and the last random plane. */
  readonly planes: readonly VectorLocal[];
  readonly raw: VectorLocal;
}

const { and, andnot, bitselect, not, or, xor } = v128;

/** Statements that put the new spins into `out`. */
export function emitDecision(
  fn: FunctionBuilder,
  rule: LatticeRule,
  inputs: DecisionInputs,
  out: VectorLocal,
): Statement[] {
  if (rule.isDiluted || rule.hasField) return emitGeneral(fn, rule, inputs, out);
  return rule.kernel === "heat-bath" ? emitHeatBath(fn, inputs, out) : emitMetropolis(fn, inputs, out);
}

/** Four neighbours, no field: h = ±2 (odd count of ups), ±4 (all alike) or 0. */
function emitHeatBath(fn: FunctionBuilder, { pulls, planes, raw }: DecisionInputs, out: VectorLocal): Statement[] {
  const [p0, p1, p2, p3] = pulls as [VectorLocal, VectorLocal, VectorLocal, VectorLocal];
  const [two, four] = planes as [VectorLocal, VectorLocal];
  const [a, b, c, d] = fn.locals("v128", 4);
  return [
    a.set(xor(p0, p1)),
    b.set(and(p0, p1)),
    c.set(xor(p2, p3)),
    d.set(and(p2, p3)),
    c.set(xor(a, c)), // the count of ups is odd
    a.set(andnot(or(a, xor(b, d)), c)), // two are up
    b.set(xor(or(b, d), bitselect(two, four, c))),
    out.set(bitselect(raw, b, a)),
  ];
}

/** Four neighbours, no field: flips where three or more disagree, draws where two do, else pays with a plane. */
function emitMetropolis(
  fn: FunctionBuilder,
  { pulls, own, planes, raw }: DecisionInputs,
  out: VectorLocal,
): Statement[] {
  const [p0, p1, p2, p3] = pulls as [VectorLocal, VectorLocal, VectorLocal, VectorLocal];
  const [two, four] = planes as [VectorLocal, VectorLocal];
  const [a, b, c, d] = fn.locals("v128", 4);
  return [
    ...pulls.map((pull) => pull.set(xor(pull, own))),
    a.set(xor(p0, p1)),
    b.set(and(p0, p1)),
    c.set(xor(p2, p3)),
    d.set(and(p2, p3)),
    c.set(xor(a, c)), // one or three disagree
    a.set(andnot(or(a, xor(b, d)), c)), // two disagree
    b.set(or(or(or(b, d), four), and(c, two))),
    out.set(xor(own, bitselect(raw, b, a))),
  ];
}

function emitGeneral(fn: FunctionBuilder, rule: LatticeRule, inputs: DecisionInputs, out: VectorLocal): Statement[] {
  const { pulls, own, planes, raw } = inputs;
  const isHeatBath = rule.kernel === "heat-bath";
  // For Metropolis a neighbour counts as up where it agrees with the spin.
  const agree = isHeatBath ? [] : pulls.map((pull) => pull.set(not(xor(pull, own))));
  const { statements, masks } = emitFields(fn, rule, inputs);
  const code = [...agree, ...statements];
  const all = situations(rule);
  const chosen = (spin: 1 | -1 | undefined): Vector =>
    union(
      all.flatMap((situation, k) =>
        situation.spin === spin ? [and(levelMask(rule, masks, situation.level), planes[k]!)] : [],
      ),
    );
  if (rule.hasField) {
    code.push(out.set(isHeatBath ? chosen(undefined) : xor(own, bitselect(chosen(1), chosen(-1), own))));
  } else if (isHeatBath) {
    const up = union([...masks].filter(([h]) => h > 0).map(([, mask]) => mask));
    code.push(out.set(or(xor(up, chosen(undefined)), and(masks.get(0)!, raw))));
  } else {
    const gains = [...masks].filter(([h]) => h < 0).map(([, mask]) => mask);
    code.push(out.set(xor(own, or(union(gains), or(chosen(undefined), and(masks.get(0)!, raw))))));
  }
  return code;
}

/** Where h is the level of a situation; heat bath without a field takes both signs. */
function levelMask(rule: LatticeRule, masks: ReadonlyMap<number, VectorLocal>, level: number): Vector {
  const isEitherSign = rule.kernel === "heat-bath" && !rule.hasField;
  return isEitherSign ? or(masks.get(level)!, masks.get(-level)!) : masks.get(level)!;
}

/** Masks of where the local field has each of its values. */
function emitFields(
  fn: FunctionBuilder,
  rule: LatticeRule,
  { pulls, bonds }: DecisionInputs,
): { statements: Statement[]; masks: Map<number, VectorLocal> } {
  const masks = new Map(localFields(rule).map((h) => [h, fn.local("v128")] as const));
  if (!rule.isDiluted) {
    const ups = emitCount(fn, pulls);
    const sets = ups.counts.map((count, k) => masks.get(2 * k - 4)!.set(count));
    return { statements: [...ups.statements, ...sets], masks };
  }
  const present = fn.locals("v128", 4);
  const ups = emitCount(fn, present);
  const downs = emitCount(fn, pulls);
  const statements = [
    ...present.map((local, k) => local.set(and(pulls[k]!, bonds[k]!))),
    ...ups.statements,
    ...pulls.map((pull, k) => pull.set(andnot(bonds[k]!, pull))),
    ...downs.statements,
  ];
  for (const [h, mask] of masks) {
    const pairs: Vector[] = [];
    for (let up = Math.max(0, h); up <= 4 && 2 * up - h <= 4; up++) {
      pairs.push(and(ups.counts[up]!, downs.counts[up - h]!));
    }
    statements.push(mask.set(union(pairs)));
  }
  return { statements, masks };
}

/** Masks of where 0, 1, … 4 of four bits are set. */
function emitCount(
  fn: FunctionBuilder,
  bits: readonly VectorLocal[],
): { statements: Statement[]; counts: VectorLocal[] } {
  const [p0, p1, p2, p3] = bits as [VectorLocal, VectorLocal, VectorLocal, VectorLocal];
  const [a, b, c, d, odd] = fn.locals("v128", 5);
  const counts = fn.locals("v128", 5) as VectorLocal[];
  const statements = [
    a.set(xor(p0, p1)),
    b.set(and(p0, p1)),
    c.set(xor(p2, p3)),
    d.set(and(p2, p3)),
    odd.set(xor(a, c)),
    counts[0]!.set(not(or(or(a, b), or(c, d)))),
    counts[1]!.set(andnot(odd, or(b, d))),
    counts[2]!.set(andnot(or(a, xor(b, d)), odd)),
    counts[3]!.set(and(odd, or(b, d))),
    counts[4]!.set(and(b, d)),
  ];
  return { statements, counts };
}

function union(vectors: readonly Vector[]): Vector {
  return vectors.reduce((left, right) => or(left, right));
}
