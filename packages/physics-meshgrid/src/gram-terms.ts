import type { VectorPlan } from "./factor-vectors.ts";

/**
 * How JᵀJ follows from products of vectors: with R the sums over rows and C the sums over columns of products of two
 * vectors, entry (p, q) is a sum of R[a]·C[b]. `rows` and `columns` list a and b for all entries of the lower triangle,
 * `ends` where each entry's list ends.
 *
 * Parameters are the physical ones, then the contrast (∂/∂contrast = Σ_k u_k ū_k) and the offset (1 = u_0 ū_0);
 * contrast itself is left out of u and ū.
 */
export interface GramTerms {
  readonly parameters: number;
  readonly rows: Int32Array;
  readonly columns: Int32Array;
  readonly ends: Int32Array;
}

/** Σ_i v_i · component: one vector and one component of the other side. */
type Factor = readonly [vector: number, component: number];

export function gramTerms({ components, derivatives, size }: VectorPlan, physical: number): GramTerms {
  const own: Factor[][] = Array.from({ length: physical }, () => []);
  for (const { parameter, index, component } of derivatives) own[parameter]!.push([index, component + 1]);
  const all: Factor[] = Array.from({ length: components }, (_, k) => [k + 1, k + 1]);
  // Derivatives of the row vectors, and of the column vectors, of each parameter.
  const byRow: Factor[][] = [...own, all, [[0, 0]]];
  const byColumn: Factor[][] = [...own, [], []];
  const rows: number[] = [];
  const columns: number[] = [];
  const ends: number[] = [];
  // Only the lower triangles of R and C are kept.
  const at = (a: number, b: number) => Math.max(a, b) * size + Math.min(a, b);
  const term = (row: readonly [number, number], column: readonly [number, number]) => {
    rows.push(at(...row));
    columns.push(at(...column));
  };
  for (let p = 0; p < physical + 2; p++) {
    for (let q = 0; q <= p; q++) {
      for (const [v, k] of byRow[p]!) {
        for (const [w, l] of byRow[q]!) term([v, w], [k, l]);
        for (const [w, l] of byColumn[q]!) term([v, l], [k, w]);
      }
      for (const [v, k] of byColumn[p]!) {
        for (const [w, l] of byRow[q]!) term([k, w], [v, l]);
        for (const [w, l] of byColumn[q]!) term([k, l], [v, w]);
      }
      ends.push(rows.length);
    }
  }
  return {
    parameters: physical + 2,
    rows: Int32Array.from(rows),
    columns: Int32Array.from(columns),
    ends: Int32Array.from(ends),
  };
}

/** Adds the entries of JᵀJ (lower triangle, row-major) that rows with sums R and columns with sums C make together. */
export function addGramTerms(terms: GramTerms, r: Float64Array, c: Float64Array, out: Float64Array): void {
  const { rows, columns, ends, parameters } = terms;
  let k = 0;
  let entry = 0;
  for (let p = 0; p < parameters; p++) {
    for (let q = 0; q <= p; q++) {
      const end = ends[entry++]!;
      let sum = 0;
      for (; k < end; k++) sum += r[rows[k]!]! * c[columns[k]!]!;
      out[p * parameters + q]! += sum;
    }
  }
}
