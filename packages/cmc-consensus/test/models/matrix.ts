/** Small matrices, row by row, written apart from those of the package: what its results are held to. */
export type Matrix = readonly (readonly number[])[];

/** Lower Cholesky factor of a positive definite matrix. */
export function lowerFactor(matrix: Matrix): number[][] {
  const factor = matrix.map((row) => row.map(() => 0));
  matrix.forEach((row, i) => {
    for (let j = 0; j <= i; j++) {
      let sum = row[j]!;
      for (let k = 0; k < j; k++) sum -= factor[i]![k]! * factor[j]![k]!;
      factor[i]![j] = i === j ? Math.sqrt(sum) : sum / factor[j]![j]!;
    }
  });
  return factor;
}

/** The inverse, by Gauss and Jordan. */
export function inverse(matrix: Matrix): number[][] {
  const size = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let i = column; i < size; i++) {
      if (Math.abs(rows[i]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = i;
    }
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    const lead = rows[column]!;
    const scale = lead[column]!;
    rows[column] = lead.map((x) => x / scale);
    for (let i = 0; i < size; i++) {
      const factor = rows[i]![column]!;
      if (i !== column) rows[i] = rows[i]!.map((x, j) => x - factor * rows[column]![j]!);
    }
  }
  return rows.map((row) => row.slice(size));
}

export function times(matrix: Matrix, vector: readonly number[]): number[] {
  return matrix.map((row) => row.reduce((sum, x, j) => sum + x * vector[j]!, 0));
}

/** A row-major array as rows. */
export function rowsOf(values: Float64Array): number[][] {
  const dim = Math.sqrt(values.length);
  return Array.from({ length: dim }, (_, i) => [...values.subarray(i * dim, (i + 1) * dim)]);
}

export function correlations(covariance: Matrix): number[][] {
  return covariance.map((row, i) => row.map((x, j) => x / Math.sqrt(covariance[i]![i]! * covariance[j]![j]!)));
}
