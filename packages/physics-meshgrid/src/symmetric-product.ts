/**
 * Adds A Aᵀ to the lower triangle of `out`: A has `size` rows (a multiple of 4) of `stride` numbers, of which columns
 * `start` to `end` count; `out` is row-major size × size, and its upper triangle is scratch. Implementations may round
 * `start` down to even and `end` up to even, so what lies there must be finite, and is counted if it is not 0.
 */
export type SymmetricProduct = (
  a: Float64Array,
  size: number,
  stride: number,
  start: number,
  end: number,
  out: Float64Array,
) => void;

/** `size` rounded up to what a {@link SymmetricProduct} takes. */
export function productSize(size: number): number {
  return Math.ceil(size / 4) * 4;
}

/** Sets to 0 what a {@link SymmetricProduct} may read on either side of columns `start` to `end`. */
export function clearPadding(a: Float64Array, rows: number, stride: number, start: number, end: number): void {
  if (start & 1) for (let p = 0; p < rows; p++) a[p * stride + start - 1] = 0;
  if (end & 1) for (let p = 0; p < rows; p++) a[p * stride + end] = 0;
}

/** The plain {@link SymmetricProduct}: blocks of 2 × 2, in which four sums share four loads. */
export function addSymmetricProduct(
  a: Float64Array,
  size: number,
  stride: number,
  start: number,
  end: number,
  out: Float64Array,
): void {
  for (let p = 0; p < size; p += 2) {
    for (let q = 0; q <= p; q += 2) addBlock(a, p * stride, q * stride, stride, start, end, out, p * size + q, size);
  }
}

/** A 2 × 2 block of the product. */
function addBlock(
  a: Float64Array,
  p: number,
  q: number,
  stride: number,
  start: number,
  end: number,
  out: Float64Array,
  to: number,
  size: number,
): void {
  let s00 = 0;
  let s01 = 0;
  let s10 = 0;
  let s11 = 0;
  for (let c = start; c < end; c++) {
    const p0 = a[p + c]!;
    const p1 = a[p + stride + c]!;
    const q0 = a[q + c]!;
    const q1 = a[q + stride + c]!;
    s00 += p0 * q0;
    s01 += p0 * q1;
    s10 += p1 * q0;
    s11 += p1 * q1;
  }
  out[to]! += s00;
  out[to + 1]! += s01;
  out[to + size]! += s10;
  out[to + size + 1]! += s11;
}
