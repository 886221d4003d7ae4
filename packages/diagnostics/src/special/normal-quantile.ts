/**
 * Quantile of the standard normal distribution, to 2·10⁻¹⁵ relative to max(1, |z|) for every probability in
 * [1e-300, 1 − 2⁻⁵³]. 0 and 1 give ∓∞, anything outside [0, 1] NaN.
 *
 * Source: Wichura (1988), Algorithm AS 241: The percentage points of the normal distribution, Appl. Statist. 37, 477,
 * 10.2307/2347330, routine PPND16, whose rational functions these are.
 */
export function normalQuantile(prob: number): number {
  const q = prob - 0.5;
  if (Math.abs(q) <= 0.425) return q * centre(0.180625 - q * q);
  const tail = q < 0 ? prob : 1 - prob;
  if (!(tail > 0)) return tail === 0 ? Math.sign(q) * Infinity : Number.NaN;
  const r = Math.sqrt(-Math.log(tail));
  return Math.sign(q) * (r <= 5 ? shoulder(r - 1.6) : farTail(r - 5));
}

// biome-ignore format: one line per polynomial, lowest power first
const [CENTRE_TOP, CENTRE_BOTTOM, SHOULDER_TOP, SHOULDER_BOTTOM, TAIL_TOP, TAIL_BOTTOM] = [
  [3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087, 33430.57558358813, 2509.0809287301227],
  [1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271, 28729.085735721943, 5226.495278852854],
  [1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684, 0.2417807251774506, 0.022723844989269184, 0.0007745450142783414],
  [1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457, 0.0005475938084995345, 1.0507500716444169e-9],
  [6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124, 0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7],
  [1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 1.8463183175100548e-5, 1.421511758316446e-7, 2.0442631033899397e-15],
] as const satisfies readonly (readonly number[])[];

function centre(r: number): number {
  return polynomial(CENTRE_TOP, r) / polynomial(CENTRE_BOTTOM, r);
}

function shoulder(r: number): number {
  return polynomial(SHOULDER_TOP, r) / polynomial(SHOULDER_BOTTOM, r);
}

function farTail(r: number): number {
  return polynomial(TAIL_TOP, r) / polynomial(TAIL_BOTTOM, r);
}

function polynomial(coefficients: readonly number[], x: number): number {
  let value = coefficients[7]!;
  for (let k = 6; k >= 0; k--) value = value * x + coefficients[k]!;
  return value;
}
