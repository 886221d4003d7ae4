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

/** Share of a range within which shifted values are taken as they are; beyond it they level off before the bound. */
const EDGE = 0.02;
/** Beyond the edge they go on by at most this share. */
const BEYOND = 0.01;
/** Below this value of 1 + p₀L an exponent does not follow its amplitude: the slope is near its maximum there. */
const LEAST_BEND = 0.1;
/** ln(A/A₀) to which the second order reaches. */
const REACH = 0.3;

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
  readonly #exponentMap: CoordinateMap | undefined;
  readonly #offsetMap: CoordinateMap | undefined;
  readonly #exponentCentre: number;
  readonly #offsetCentre: number;
  /** Of `#held`: derivative of the coordinate by the value. */
  #slope = 0;
  /** Of `#followAmplitude`: ln(p/p₀) and its derivative. */
  #log = 0;
  #logByLog = 0;
  readonly #mapped: Float64Array = new Float64Array(4);

  /** @param maps of the sampled quantities. */
  constructor(law: Straightening, maps: readonly CoordinateMap[]) {
    this.law = law;
    const { exponent, offset } = law.centre;
    this.#exponentMap = law.exponent >= 0 && law.amplitude >= 0 ? maps[law.exponent] : undefined;
    this.#offsetMap = law.offset >= 0 ? maps[law.offset] : undefined;
    this.#exponentCentre = this.#exponentMap ? this.#held(this.#exponentMap, exponent) : 0;
    this.#offsetCentre = this.#offsetMap ? this.#held(this.#offsetMap, offset) : 0;
  }

  /** Shift of the exponent at an amplitude: to where p·A·e^{pL} is that of the centre. */
  atAmplitude(amplitude: number): void {
    if (!this.#exponentMap) return;
    this.#followAmplitude(Math.log(amplitude / this.law.centre.amplitude));
    const value = this.law.centre.exponent * Math.exp(this.#log);
    this.exponentShift = this.#held(this.#exponentMap, value) - this.#exponentCentre;
    this.exponentByAmplitude = (this.#slope * value * this.#logByLog) / amplitude;
  }

  /** Shift of the offset at an amplitude and an exponent: to where A·e^{pL} + c is that of the centre. */
  atPair(amplitude: number, exponent: number): void {
    if (!this.#offsetMap) return;
    const { centre, at } = this.law;
    const growth = Math.exp(exponent * at);
    const value = centre.offset + centre.amplitude * Math.exp(centre.exponent * at) - amplitude * growth;
    this.offsetShift = this.#held(this.#offsetMap, value) - this.#offsetCentre;
    this.offsetByAmplitude = -this.#slope * growth;
    this.offsetByExponent = -this.#slope * amplitude * at * growth;
  }

  /**
   * Writes ln(p/p₀) and its derivative by ln(A/A₀) where p·A·e^{pL} stays what it is: y + k(e^y − 1) + x = 0 with k = p₀L, to
   * second order in x; the second order levels off, since far away there may be no such p at all.
   */
  #followAmplitude(logAmplitude: number): void {
    const k = this.law.centre.exponent * this.law.at;
    const bend = 1 + k;
    if (bend < LEAST_BEND) {
      this.#log = 0;
      this.#logByLog = 0;
      return;
    }
    const level = Math.tanh(logAmplitude / REACH);
    const near = REACH * level;
    this.#log = -logAmplitude / bend - (k * near * near) / (2 * bend ** 3);
    this.#logByLog = -1 / bend - (k * near * (1 - level * level)) / bend ** 3;
  }

  /** Coordinate of a value that levels off before it leaves its range; NaN, as of a leapfrog gone wild, stays NaN. */
  #held(map: CoordinateMap, value: number): number {
    if (Number.isNaN(value)) {
      this.#slope = Number.NaN;
      return Number.NaN;
    }
    const range = map.upper - map.lower;
    const room = BEYOND * range;
    const [low, high] = [map.lower + EDGE * range, map.upper - EDGE * range];
    const edge = value < low ? low : high;
    const isInside = value >= low && value <= high;
    const level = isInside ? 0 : Math.tanh((value - edge) / room);
    const coordinate = coordinateOf(map, isInside ? value : edge + room * level, "shifted value");
    mapCoordinate(map, coordinate, this.#mapped);
    this.#slope = (1 - level * level) / this.#mapped[SLOPE]!;
    return coordinate;
  }
}
