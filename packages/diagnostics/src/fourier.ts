/** The discrete Fourier transform of lengths that are powers of two. */

/** Twiddle factors and bit reversal of one length; reused until another length is asked for. */
interface Plan {
  readonly size: number;
  readonly cosine: Float64Array;
  readonly sine: Float64Array;
  readonly reversed: Uint32Array;
}

let latest: Plan | undefined;

/**
 * X(k) = Σ x(t) exp(−2πi k t / n), in place, by the radix-2 algorithm of Cooley & Tukey (1965), 10.2307/2003354.
 *
 * @param re, im real and imaginary parts; both of the same length, a power of two.
 */
export function fourierTransform(re: Float64Array, im: Float64Array): void {
  const size = re.length;
  if (latest?.size !== size) latest = plan(size);
  const { cosine, sine, reversed } = latest;
  for (let i = 0; i < size; i++) {
    const j = reversed[i]!;
    if (j > i) swap(re, im, i, j);
  }
  for (let half = 1; half < size; half *= 2) {
    const stride = size / (2 * half);
    for (let start = 0; start < size; start += 2 * half) {
      for (let k = 0; k < half; k++) {
        const wr = cosine[k * stride]!;
        const wi = sine[k * stride]!;
        const even = start + k;
        const odd = even + half;
        const xr = re[odd]! * wr - im[odd]! * wi;
        const xi = re[odd]! * wi + im[odd]! * wr;
        re[odd] = re[even]! - xr;
        im[odd] = im[even]! - xi;
        re[even] = re[even]! + xr;
        im[even] = im[even]! + xi;
      }
    }
  }
}

/** Smallest power of two that is at least `count`. */
export function nextPowerOfTwo(count: number): number {
  let size = 1;
  while (size < count) size *= 2;
  return size;
}

function swap(re: Float64Array, im: Float64Array, i: number, j: number): void {
  const [r, s] = [re[i]!, im[i]!];
  re[i] = re[j]!;
  im[i] = im[j]!;
  re[j] = r;
  im[j] = s;
}

function plan(size: number): Plan {
  const half = size >> 1;
  const cosine = new Float64Array(half);
  const sine = new Float64Array(half);
  for (let k = 0; k < half; k++) {
    cosine[k] = Math.cos((2 * Math.PI * k) / size);
    sine[k] = -Math.sin((2 * Math.PI * k) / size);
  }
  const reversed = new Uint32Array(size);
  for (let i = 1; i < size; i++) reversed[i] = (reversed[i >> 1]! >> 1) | (i & 1 ? half : 0);
  return { size, cosine, sine, reversed };
}
