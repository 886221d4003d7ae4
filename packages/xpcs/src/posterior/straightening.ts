import { type CoordinateMap, coordinateOf, mapCoordinate, SLOPE } from "./coordinate-map.ts";

/**
 * Straightens the valley of a law A·e^{pL} + c. Data determine its value R and its slope S = p·A·e^{pL} at a well-chosen L
 * (ln t of a power law, the time of an exponential), and hardly the three numbers apart: their posterior is a thin curved
 * sheet. Sampled coordinates w shift p by what keeps S, and c by what keeps R, while A moves. Each shift depends only on
 * coordinates before it, so volume is kept; it is a shift on the unbounded coordinate, so bounds hold.
 */
export interface Straightening {
  /** Positions among the sampled quantities; −1 for one that is not sampled. */
  readonly amplitude: number;
  readonly exponent: number;
  readonly offset: number;
  /** Values of the fit; for a quantity that is not sampled its only value. */
  readonly centre: { readonly amplitude: number; readonly exponent: number; readonly offset: number };
  readonly at: number;
}

/** Largest shift, in units of the coordinate: far from the fit the valley bends otherwise, and shifts level off. */
const LARGEST = 5;

/** The shifts of one law at a point, with their derivatives; reused between calls. */
export class LawShift {
  readonly law: Straightening;
  /** u_p − w_p and its derivative by A. */
  exponentShift = 0;
  exponentByAmplitude = 0;
  /** u_c − w_c and its derivatives by A and p. */
  offsetShift = 0;
  offsetByAmplitude = 0;
  offsetByExponent = 0;
  /** du/dx at the fit. */
  readonly #exponentSlope: number;
  readonly #offsetSlope: number;
  readonly #power: number;

  /** @param maps of the sampled quantities. */
  constructor(law: Straightening, maps: readonly CoordinateMap[]) {
    this.law = law;
    const { exponent, offset } = law.centre;
    const isLed = law.amplitude >= 0;
    this.#exponentSlope = law.exponent >= 0 && isLed ? slopeAt(maps[law.exponent]!, exponent) : 0;
    this.#offsetSlope = law.offset >= 0 ? slopeAt(maps[law.offset]!, offset) : 0;
    // From d ln A + (L + 1/p) dp = 0: the power of A that keeps p·A·e^{pL} to first order. Near its pole no shift is better.
    const bend = 1 + exponent * law.at;
    this.#power = bend > 0.1 ? 1 / bend : 0;
  }

  /** Shift of the exponent at an amplitude. */
  atAmplitude(amplitude: number): void {
    const { centre } = this.law;
    const value = centre.exponent * (amplitude / centre.amplitude) ** -this.#power;
    const level = Math.tanh((this.#exponentSlope * (value - centre.exponent)) / LARGEST);
    this.exponentShift = LARGEST * level;
    this.exponentByAmplitude = (-(1 - level * level) * this.#exponentSlope * this.#power * value) / amplitude;
  }

  /** Shift of the offset at an amplitude and an exponent. */
  atPair(amplitude: number, exponent: number): void {
    const { centre, at } = this.law;
    const growth = Math.exp(exponent * at);
    const change = centre.amplitude * Math.exp(centre.exponent * at) - amplitude * growth;
    const level = Math.tanh((this.#offsetSlope * change) / LARGEST);
    const slope = (1 - level * level) * this.#offsetSlope;
    this.offsetShift = LARGEST * level;
    this.offsetByAmplitude = -slope * growth;
    this.offsetByExponent = -slope * amplitude * at * growth;
  }
}

/** du/dx at a value. */
function slopeAt(map: CoordinateMap, value: number): number {
  const out = new Float64Array(4);
  mapCoordinate(map, coordinateOf(map, value, "centre of a law"), out);
  return 1 / out[SLOPE]!;
}
