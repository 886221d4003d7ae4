import { type Expr, f64x2, type Local, type Statement, v128, when } from "@siegert/wasm";
import { SERIES_LIMIT, SINC_SERIES, SLOPE_SERIES } from "../sinc-power.ts";

/** Components of the factors per frame: decay, cosine, sine and value of the phase. */
export const DECAY = 0;
export const COS = 1;
export const SIN = 2;
export const ANGLE = 3;

type V128 = Local<"v128">;

/** A row of a tile: its factors and what comes of them. */
export interface CorrelationRow {
  /** Decay, cosine, sine and value of the row's phase, counted from the first column, in both lanes. */
  readonly factors: readonly V128[];
  readonly value: V128;
  readonly slope: V128;
}

/** Vectors that are free between rows. */
export type CorrelationScratch = Readonly<Record<"phase" | "inverse" | "small" | "sinc" | "square", V128>>;

/**
 * Sets `row.value` to M = decay × (sin Φ/Φ)^p of two columns, and `row.slope` to ∂M/∂Φ where the gradient is wanted.
 *
 * @param loaded factors of the columns.
 */
export function correlation(
  { phase, inverse, small, sinc, square }: CorrelationScratch,
  loaded: readonly V128[],
  row: CorrelationRow,
  { power, hasGradient }: { readonly power: 2 | 4; readonly hasGradient: boolean },
): Statement[] {
  const [cos, sin, rowCos, rowSin] = [loaded[COS]!, loaded[SIN]!, row.factors[COS]!, row.factors[SIN]!];
  const { add, sub, mul } = f64x2;
  const statements = [
    phase.set(sub(loaded[ANGLE]!, row.factors[ANGLE]!)),
    inverse.set(f64x2.div(f64x2.const(1), phase)),
    small.set(f64x2.lt(f64x2.abs(phase), f64x2.const(SERIES_LIMIT))),
    sinc.set(mul(sub(mul(sin, rowCos), mul(cos, rowSin)), inverse)),
  ];
  const series = [
    square.set(mul(phase, phase)),
    sinc.set(v128.bitselect(polynomial(SINC_SERIES, square), sinc, small)),
  ];
  if (hasGradient) {
    const cosine = add(mul(cos, rowCos), mul(sin, rowSin));
    statements.push(row.slope.set(mul(sub(cosine, sinc), inverse)));
    series.push(row.slope.set(v128.bitselect(mul(phase, polynomial(SLOPE_SERIES, square)), row.slope, small)));
  }
  statements.push(
    when(v128.any_true(small), series),
    square.set(mul(sinc, sinc)),
    row.value.set(mul(row.factors[DECAY]!, loaded[DECAY]!)),
  );
  if (hasGradient) {
    const outer = power === 4 ? mul(f64x2.const(4), mul(square, sinc)) : add(sinc, sinc);
    statements.push(row.slope.set(mul(mul(row.value, row.slope), outer)));
  }
  statements.push(row.value.set(mul(row.value, power === 4 ? mul(square, square) : square)));
  return statements;
}

/** Horner's rule. */
function polynomial(coefficients: readonly number[], x: V128): Expr<"v128"> {
  return coefficients
    .slice(0, -1)
    .reduceRight<Expr<"v128">>(
      (value, coefficient) => f64x2.add(f64x2.mul(value, x), f64x2.const(coefficient)),
      f64x2.const(coefficients[coefficients.length - 1]!),
    );
}
