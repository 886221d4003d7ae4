import type { PairBasis } from "./separable-model.ts";
import type { TangentTable } from "./tangent-table.ts";

/** A run of pairs (i, j) with one i, and where their derivatives go. */
export interface JacobianRun {
  readonly basis: PairBasis;
  /** i, counted from the first used frame. */
  readonly row: number;
  /** The frame of column 0, counted likewise. */
  readonly column: number;
  /** Columns of the run: `start` to `end`. */
  readonly start: number;
  readonly end: number;
  readonly contrast: number;
  readonly kappa: number;
  readonly kappaByPhi0: number;
  /** What the derivatives of a column are multiplied by. */
  readonly factors: Float64Array;
  /** Parameter p of column c goes to out[p · stride + at + c]; one more entry after an odd number may be overwritten. */
  readonly out: Float64Array;
  readonly stride: number;
  readonly at: number;
}

/**
 * Writes ∂c2/∂parameter of a run of pairs, parameter by parameter: the physical ones, then contrast and offset of the
 * angle at hand; and multiplies such rows by a vector.
 */
export interface JacobianKernels {
  write(tangents: TangentTable, run: JacobianRun): void;
  /** out[p] += Σ_c a[p · stride + c] v[c] over columns `start` to `end`, rounded outwards to even ones. */
  project(
    a: Float64Array,
    rows: number,
    stride: number,
    start: number,
    end: number,
    v: Float64Array,
    out: Float64Array,
  ): void;
}

/** {@link JacobianKernels} in TypeScript. */
export const plainJacobianKernels: JacobianKernels = {
  write({ values, padded, roles }, run) {
    const { basis, row, column, contrast, kappa, kappaByPhi0, stride, at } = run;
    for (let p = 0; p < roles.length; p++) {
      const role = roles[p]!;
      const [own, from, to] = [values[p * padded + row]!, p * padded + column, p * stride + at];
      if (role.kind === "fraction") writeFraction(run, contrast * own, contrast, values, from, to);
      else if (role.kind === "exponent") {
        writeDifference(run, basis.exponents[role.channel]!, contrast, own, values, from, to);
      } else {
        const scale = contrast * (role.kind === "phase" ? kappa : kappaByPhi0);
        writeDifference(run, basis.phase, scale, own, values, from, to);
      }
    }
    const { start, end, factors, out } = run;
    const byContrast = roles.length * stride + at;
    for (let c = start; c < end; c++) {
      out[byContrast + c] = factors[c]! * basis.value[c]!;
      out[byContrast + stride + c] = factors[c]!;
    }
  },

  project(a, rows, stride, start, end, v, out) {
    for (let p = 0; p < rows; p++) {
      const from = p * stride;
      let sum = 0;
      for (let c = start; c < end; c++) sum += a[from + c]! * v[c]!;
      out[p]! += sum;
    }
  },
};

function writeDifference(
  { start, end, factors, out }: JacobianRun,
  slopes: Float64Array,
  scale: number,
  own: number,
  tangents: Float64Array,
  from: number,
  to: number,
): void {
  for (let c = start; c < end; c++) out[to + c] = scale * factors[c]! * slopes[c]! * (tangents[from + c]! - own);
}

function writeFraction(
  { start, end, factors, out, basis }: JacobianRun,
  rowScale: number,
  columnScale: number,
  tangents: Float64Array,
  from: number,
  to: number,
): void {
  const { fractionRow, fractionColumn } = basis;
  for (let c = start; c < end; c++) {
    const derivative = fractionRow[c]! * rowScale + fractionColumn[c]! * columnScale * tangents[from + c]!;
    out[to + c] = factors[c]! * derivative;
  }
}
