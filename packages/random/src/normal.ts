import type { PhiloxWords } from "./philox-words.ts";
import { log } from "./portable-math.ts";
import { signedTail } from "./uniform.ts";

/**
 * Standard normal variate by inversion, exact in the tails to 12.4 standard deviations (tail probability 2⁻¹¹⁷).
 * Takes 2 words, and 2 more with probability 2⁻¹⁰.
 */
export function standardNormal(words: PhiloxWords): number {
  const tail = signedTail(words);
  const p = Math.abs(tail);
  // The sign without a branch, which would be mispredicted half of the time.
  return (tail / p) * upperNormalQuantile(p);
}

/**
 * z with P(Z > z) = p for 0 < p ≤ ½, to 1e-15 relative.
 * Source: Wichura (1988), Algorithm AS 241: The percentage points of the normal distribution, Appl. Statist. 37, 477,
 * 10.2307/2347330, routine PPND16. The coefficients are rounded to doubles and the polynomials of degree 7 summed in
 * pairs, which shortens the chain of operations.
 */
export function upperNormalQuantile(p: number): number {
  const q = 0.5 - p;
  if (q <= 0.425) return q * centre(0.180625 - q * q);
  const r = Math.sqrt(-log(p));
  return r <= 5 ? shoulder(r - 1.6) : farTail(r - 5);
}

/** z / q of the central part, |q| ≤ 0.425, with r = 0.425² − q². */
function centre(r: number): number {
  const square = r * r;
  const fourth = square * square;
  const numeratorLow =
    3.3871328727963665 + 133.14166789178438 * r + square * (1971.5909503065513 + 13731.69376550946 * r);
  const numeratorHigh =
    45921.95393154987 + 67265.7709270087 * r + square * (33430.57558358813 + 2509.0809287301227 * r);
  const denominatorLow = 1 + 42.31333070160091 * r + square * (687.1870074920579 + 5394.196021424751 * r);
  const denominatorHigh =
    21213.794301586597 + 39307.89580009271 * r + square * (28729.085735721943 + 5226.495278852854 * r);
  return (numeratorLow + fourth * numeratorHigh) / (denominatorLow + fourth * denominatorHigh);
}

/** z for tail probabilities from 0.075 down to e⁻²⁵, with r = √(−log p) − 1.6. */
function shoulder(r: number): number {
  const square = r * r;
  const fourth = square * square;
  const numeratorLow =
    1.4234371107496835 + 4.630337846156546 * r + square * (5.769497221460691 + 3.6478483247632045 * r);
  const numeratorHigh =
    1.2704582524523684 + 0.2417807251774506 * r + square * (0.022723844989269184 + 0.0007745450142783414 * r);
  const denominatorLow = 1 + 2.053191626637759 * r + square * (1.6763848301838038 + 0.6897673349851 * r);
  const denominatorHigh =
    0.14810397642748008 + 0.015198666563616457 * r + square * (0.0005475938084995345 + 1.0507500716444169e-9 * r);
  return (numeratorLow + fourth * numeratorHigh) / (denominatorLow + fourth * denominatorHigh);
}

/** z for tail probabilities below e⁻²⁵, with r = √(−log p) − 5. */
function farTail(r: number): number {
  const square = r * r;
  const fourth = square * square;
  const numeratorLow =
    6.657904643501103 + 5.463784911164114 * r + square * (1.7848265399172913 + 0.29656057182850487 * r);
  const numeratorHigh =
    0.026532189526576124 + 0.0012426609473880784 * r + square * (0.000027115555687434876 + 2.0103343992922881e-7 * r);
  const denominatorLow = 1 + 0.599832206555888 * r + square * (0.1369298809227358 + 0.014875361290850615 * r);
  const denominatorHigh =
    0.0007868691311456133 + 0.000018463183175100548 * r + square * (1.421511758316446e-7 + 2.0442631033899397e-15 * r);
  return (numeratorLow + fourth * numeratorHigh) / (denominatorLow + fourth * denominatorHigh);
}
