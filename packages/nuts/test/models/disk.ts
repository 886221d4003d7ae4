/**
 * The rotation map of an inclined, flared protoplanetary disk: line-of-sight velocities of pixels, nine parameters,
 * with the gradient by hand (reverse mode through the five steps that find where the line of sight meets the emission
 * surface). The model is that of Teague's eddy package; the data are simulated.
 */
import { constrainedDensity, interval, type NamedLogDensity } from "@siegert/log-density";

export interface DiskData {
  readonly names: readonly string[];
  readonly inc_deg: number;
  readonly dist_pc: number;
  readonly G: number;
  readonly Msun: number;
  readonly au: number;
  readonly sigma: number;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly v: readonly number[];
  readonly truth: readonly number[];
  readonly map: readonly number[];
  readonly laplace_sd: readonly number[];
  readonly bounds: readonly [readonly number[], readonly number[]];
  readonly tests: readonly {
    readonly params: readonly number[];
    readonly loglik: number;
    readonly grad: readonly number[];
  }[];
}

const STEPS = 5;

/** Log likelihood of (x0, y0, PA in degrees, stellar mass, vlsr, z0, psi, r_taper, q_taper) and its gradient. */
export function diskLogLikelihood(data: DiskData): (p: Float64Array, gradient: Float64Array) => number {
  const inclination = (data.inc_deg * Math.PI) / 180;
  const [cosInc, sinInc, tanInc] = [Math.cos(inclination), Math.sin(inclination), Math.tan(inclination)];
  const unitVelocity = Math.sqrt((data.G * data.Msun) / (data.dist_pc * data.au)) * sinInc;
  const pixels = data.x.length;
  const [X, Y, V] = [Float64Array.from(data.x), Float64Array.from(data.y), Float64Array.from(data.v)];
  const r = new Float64Array(STEPS + 1);
  const y = new Float64Array(STEPS + 1);
  const z = new Float64Array(STEPS + 2);
  const taper = new Float64Array(STEPS + 2);
  const logR = new Float64Array(STEPS + 2);

  return (p, gradient) => {
    const [x0, y0, angle, mass, vlsr, z0, psi, rTaper, qTaper] = p as unknown as number[] as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const [cosPa, sinPa] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
    const velocity = unitVelocity * Math.sqrt(mass);
    const logTaper = Math.log(rTaper);
    gradient.fill(0);
    let value = 0;
    const surface = (k: number, radius: number) => {
      logR[k] = Math.log(radius);
      taper[k] = Math.exp(qTaper * (logR[k]! - logTaper));
      z[k] = z0 * Math.exp(psi * logR[k]! - taper[k]!);
    };
    for (let n = 0; n < pixels; n++) {
      const dx = X[n]! - x0;
      const dy = Y[n]! - y0;
      const major = dy * cosPa + dx * sinPa;
      const minor = (dx * cosPa - dy * sinPa) / cosInc;
      r[0] = Math.sqrt(major ** 2 + minor ** 2);
      for (let k = 1; k <= STEPS; k++) {
        surface(k, r[k - 1]!);
        y[k] = minor + z[k]! * tanInc;
        r[k] = Math.sqrt(major ** 2 + y[k]! ** 2);
      }
      surface(STEPS + 1, r[STEPS]!);
      const square = r[STEPS]! ** 2 + z[STEPS + 1]! ** 2;
      const slope = velocity * square ** -0.75;
      const residual = (V[n]! - slope * major - vlsr) / data.sigma;
      value -= 0.5 * residual * residual;

      const gv = residual / data.sigma;
      let gMajor = gv * slope;
      let gMinor = 0;
      const gSquare = (-0.75 * gv * slope * major) / square;
      let gR = gSquare * 2 * r[STEPS]!;
      let gZ = gSquare * 2 * z[STEPS + 1]!;
      for (let k = STEPS + 1; k >= 1; k--) {
        const weighted = gZ * z[k]!;
        gradient[5] = gradient[5]! + weighted / z0;
        gradient[6] = gradient[6]! + weighted * logR[k]!;
        gradient[7] = gradient[7]! + (weighted * taper[k]! * qTaper) / rTaper;
        gradient[8] = gradient[8]! - weighted * taper[k]! * (logR[k]! - logTaper);
        gR += (weighted * (psi - qTaper * taper[k]!)) / r[k - 1]!;
        if (k === 1) break;
        gMajor += (gR * major) / r[k - 1]!;
        const gY = (gR * y[k - 1]!) / r[k - 1]!;
        gMinor += gY;
        gZ = gY * tanInc;
        gR = 0;
      }
      gMajor += (gR * major) / r[0]!;
      gMinor += (gR * minor) / r[0]!;
      gradient[0] = gradient[0]! - gMajor * sinPa - (gMinor * cosPa) / cosInc;
      gradient[1] = gradient[1]! - gMajor * cosPa + (gMinor * sinPa) / cosInc;
      const turned = gMajor * (dx * cosPa - dy * sinPa) - (gMinor * (dx * sinPa + dy * cosPa)) / cosInc;
      gradient[2] = gradient[2]! + (turned * Math.PI) / 180;
      gradient[3] = gradient[3]! + (gv * slope * major) / (2 * mass);
      gradient[4] = gradient[4]! + gv;
    }
    return value;
  };
}

/** The posterior under flat priors between the bounds of the data. */
export function diskPosterior(data: DiskData): NamedLogDensity {
  const logLikelihood = diskLogLikelihood(data);
  const [lower, upper] = data.bounds;
  const parameters = Object.fromEntries(data.names.map((name, k) => [name, interval(lower[k]!, upper[k]!)]));
  return constrainedDensity({ parameters, logDensityAndGradient: logLikelihood });
}
