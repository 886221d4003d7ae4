import type { Experiment, Model } from "@siegert/physics-core";
import { Complex } from "./complex.ts";
import type { Pairs } from "./random-pairs.ts";

const DEGREE = Math.PI / 180;

/** The textbook formulas in complex arithmetic: of each pair, its log-likelihood in `re` and a derivative in `im`. */
export function complexTerms(
  model: Model,
  experiment: Experiment,
  pairs: Pairs,
  sigma: number | Float64Array | undefined,
  x: readonly Complex[],
): Complex[] {
  const physical = model.parameters.length;
  const normalised = model.kind === "homodyne" ? homodyne(model, experiment, x) : heterodyne(model, experiment, x);
  return Array.from(pairs.i, (_, k) => {
    const angle = pairs.angle[k]!;
    const [first, last] = [Math.min(pairs.i[k]!, pairs.j[k]!), Math.max(pairs.i[k]!, pairs.j[k]!)];
    const m = first === last ? new Complex(1) : normalised(first, last, angle);
    const expected = x[physical + 2 * angle + 1]!.plus(x[physical + 2 * angle]!.times(m));
    const sd = sigma === undefined ? x[x.length - 1]! : new Complex(typeof sigma === "number" ? sigma : sigma[k]!);
    const z = new Complex(pairs.c2[k]!).minus(expected).over(sd);
    return new Complex(-0.5 * Math.log(2 * Math.PI)).minus(z.times(z).times(0.5)).minus(sd.log());
  });
}

/** A derivative, and the sum of the sizes of its terms: rounding is a part of the latter. */
export interface Derivatives {
  readonly gradient: Float64Array;
  readonly scale: Float64Array;
}

/** ∂ log-likelihood by every parameter, by complex step. */
export function complexStepGradient(
  model: Model,
  experiment: Experiment,
  pairs: Pairs,
  sigma: number | Float64Array | undefined,
  x: Float64Array,
): Derivatives {
  const step = 1e-30;
  const gradient = new Float64Array(x.length);
  const scale = new Float64Array(x.length);
  for (let k = 0; k < x.length; k++) {
    const shifted = Array.from(x, (value, l) => new Complex(value, l === k ? step : 0));
    for (const term of complexTerms(model, experiment, pairs, sigma, shifted)) {
      gradient[k]! += term.im / step;
      scale[k]! += Math.abs(term.im / step);
    }
  }
  return { gradient, scale };
}

type Normalised = (i: number, j: number, angle: number) => Complex;

function homodyne(model: Model, { q, gap, phi, times }: Experiment, x: readonly Complex[]): Normalised {
  const dt = (times[times.length - 1]! - times[0]!) / (times.length - 1);
  const shifted = times.map((t) => Math.max(t, dt / 2, 1e-8));
  const diffusion = integral(rate(shifted, x[0]!, x[1]!, x[2]!, 1e-10), dt);
  const shear = model.phi0Index < 0 ? undefined : integral(rate(shifted, x[3]!, x[4]!, x[5]!, 1e-10), dt);
  return (i, j, angle) => {
    const decay = diffusion[j]!.minus(diffusion[i]!)
      .times(-q * q)
      .exp();
    if (shear === undefined) return decay;
    const lever = q * gap! * (model.shear === "coded" ? 1 / (2 * Math.PI) : 0.5);
    const phase = x[6]!.minus(phi[angle]!).times(DEGREE).cos().times(lever).times(shear[j]!.minus(shear[i]!));
    const sinc = Math.abs(phase.re) < 0.3 ? smallSinc(phase) : phase.sin().over(phase);
    const square = sinc.times(sinc);
    return decay.times(model.sincPower === 4 ? square.times(square) : square);
  };
}

/** sin Φ / Φ without dividing by a small number; ten terms reach 1e-26 below 0.3. */
function smallSinc(phase: Complex): Complex {
  const square = phase.times(phase);
  let sum = new Complex(1);
  let term = new Complex(1);
  for (let k = 1; k < 10; k++) {
    term = term.times(square).over(-2 * k * (2 * k + 1));
    sum = sum.plus(term);
  }
  return sum;
}

function heterodyne(model: Model, { q, phi, times }: Experiment, x: readonly Complex[]): Normalised {
  const dt = (times[times.length - 1]! - times[0]!) / (times.length - 1);
  const reference = integral(rate(times, x[0]!, x[1]!, x[2]!, 0), dt);
  const sample = integral(rate(times, x[3]!, x[4]!, x[5]!, 0), dt);
  const velocity = integral(rate(times, x[6]!, x[7]!, x[8]!, -Infinity), dt);
  const fraction = Array.from(times, (t) => {
    const raw = x[9]!.times(x[10]!.times(new Complex(t).minus(x[11]!)).exp()).plus(x[12]!);
    return model.fractionLimit === "hard" ? clip(raw) : smoothClip(raw);
  });
  return (i, j, angle) => {
    const [s1, s2] = [fraction[i]!, fraction[j]!];
    const [r1, r2] = [new Complex(1).minus(s1), new Complex(1).minus(s2)];
    const half = -0.5 * q * q;
    const a = r1.times(r2).times(reference[j]!.minus(reference[i]!).times(half).exp());
    const b = s1.times(s2).times(sample[j]!.minus(sample[i]!).times(half).exp());
    const phase = x[13]!.plus(phi[angle]!).times(DEGREE).cos().times(q).times(velocity[j]!.minus(velocity[i]!));
    const norm = s1
      .times(s1)
      .plus(r1.times(r1))
      .times(s2.times(s2).plus(r2.times(r2)));
    return a.times(a).plus(b.times(b)).plus(a.times(b).times(phase.cos()).times(2)).over(norm);
  };
}

function rate(times: Float64Array, amplitude: Complex, exponent: Complex, offset: Complex, floor: number): Complex[] {
  return Array.from(times, (t) => {
    const power = t === 0 ? new Complex(0) : exponent.times(Math.log(t)).exp();
    const value = amplitude.times(power).plus(offset);
    return value.re > floor ? value : new Complex(floor);
  });
}

function integral(rates: readonly Complex[], dt: number): Complex[] {
  const out = [new Complex(0)];
  for (let k = 1; k < rates.length; k++) out.push(out[k - 1]!.plus(rates[k - 1]!.plus(rates[k]!).times(dt / 2)));
  return out;
}

function clip(raw: Complex): Complex {
  if (raw.re < 0) return new Complex(0);
  return raw.re > 1 ? new Complex(1) : raw;
}

function smoothClip(raw: Complex): Complex {
  const softplus = (z: Complex): Complex => z.exp().plus(1).log();
  const raised = softplus(raw.times(50)).over(50);
  return new Complex(1).minus(softplus(new Complex(1).minus(raised).times(50)).over(50));
}
