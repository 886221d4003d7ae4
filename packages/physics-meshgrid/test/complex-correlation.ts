/** c2 of every pair from complex parameters, by the textbook formulas and none of the package's code. */
import type { Experiment, Model } from "@siegert/physics-core";
import { add, type Complex, complex, cos, div, exp, log1p, mul, scale, sin, sub } from "./complex.ts";

const DEGREE = Math.PI / 180;

/** c2 of the pairs i < j of one angle at x = [physical…, contrast, offset], as a function (i, j). */
export function complexCorrelation(
  model: Model,
  experiment: Experiment,
  x: readonly Complex[],
  angle: number,
): (i: number, j: number) => Complex {
  const { q, times } = experiment;
  const phi = experiment.phi[angle]!;
  const contrast = x[model.parameters.length]!;
  const offset = x[model.parameters.length + 1]!;
  const normalised =
    model.kind === "homodyne"
      ? homodyne(model, q, experiment.gap ?? 2e6, times, x, phi)
      : heterodyne(model, q, times, x, phi);
  return (i, j) => add(offset, mul(contrast, normalised(i, j)));
}

function integral(times: Float64Array, p: readonly Complex[], k: number, shortest: number, floor: number): Complex[] {
  const dt = (times[times.length - 1]! - times[0]!) / (times.length - 1);
  const rates = Array.from(times, (t) => {
    const shifted = Math.max(t, shortest);
    const power = shifted === 0 ? complex(0) : exp(scale(p[k + 1]!, Math.log(shifted)));
    const rate = add(mul(p[k]!, power), p[k + 2]!);
    return rate.re > floor ? rate : complex(floor);
  });
  const out = [complex(0)];
  for (let i = 1; i < rates.length; i++) out.push(add(out[i - 1]!, scale(add(rates[i - 1]!, rates[i]!), dt / 2)));
  return out;
}

function homodyne(
  model: Model,
  q: number,
  gap: number,
  times: Float64Array,
  p: readonly Complex[],
  phi: number,
): (i: number, j: number) => Complex {
  const shortest = Math.max((times[1]! - times[0]!) / 2, 1e-8);
  const diffusion = integral(times, p, 0, shortest, 1e-10);
  const decay = (i: number, j: number) => exp(scale(sub(diffusion[j]!, diffusion[i]!), -q * q));
  if (model.phi0Index < 0) return decay;
  const shear = integral(times, p, 3, shortest, 1e-10);
  const lever = model.shear === "coded" ? (q * gap) / (2 * Math.PI) : (q * gap) / 2;
  const kappa = scale(cos(scale(sub(p[6]!, complex(phi)), DEGREE)), lever);
  return (i, j) => {
    const phase = mul(kappa, sub(shear[j]!, shear[i]!));
    const sinc = sincOf(phase);
    const square = mul(sinc, sinc);
    return mul(decay(i, j), model.shear === "coded" ? mul(square, square) : square);
  };
}

/** sin z / z; the series where the quotient of the imaginary parts would cancel. */
function sincOf(z: Complex): Complex {
  if (Math.abs(z.re) > 0.1) return div(sin(z), z);
  const square = mul(z, z);
  let sum = complex(0);
  for (let k = 9; k >= 1; k--) sum = scale(mul(square, add(complex(1), sum)), -1 / (2 * k * (2 * k + 1)));
  return add(complex(1), sum);
}

function heterodyne(
  model: Model,
  q: number,
  times: Float64Array,
  p: readonly Complex[],
  phi: number,
): (i: number, j: number) => Complex {
  const reference = integral(times, p, 0, 0, 0);
  const sample = integral(times, p, 3, 0, 0);
  const velocity = integral(times, p, 6, 0, -Infinity);
  const fraction = Array.from(times, (t) => {
    const raw = add(mul(p[9]!, exp(mul(p[10]!, sub(complex(t), p[11]!)))), p[12]!);
    return limited(model, raw);
  });
  const kappa = scale(cos(scale(add(complex(phi), p[13]!), DEGREE)), q);
  const one = complex(1);
  return (i, j) => {
    const [s1, s2] = [fraction[i]!, fraction[j]!];
    const [r1, r2] = [sub(one, s1), sub(one, s2)];
    const hr = exp(scale(sub(reference[j]!, reference[i]!), -0.5 * q * q));
    const hs = exp(scale(sub(sample[j]!, sample[i]!), -0.5 * q * q));
    const cosine = cos(mul(kappa, sub(velocity[j]!, velocity[i]!)));
    const a = mul(mul(r1, r2), hr);
    const b = mul(mul(s1, s2), hs);
    const top = add(add(mul(a, a), mul(b, b)), scale(mul(mul(a, b), cosine), 2));
    return div(top, mul(add(mul(s1, s1), mul(r1, r1)), add(mul(s2, s2), mul(r2, r2))));
  };
}

function limited(model: Model, x: Complex): Complex {
  if (model.fractionLimit === "hard") return x.re < 0 ? complex(0) : x.re > 1 ? complex(1) : x;
  const softplus = (y: Complex): Complex => (y.re > 0 ? add(y, log1p(exp(scale(y, -1)))) : log1p(exp(y)));
  const a = scale(softplus(scale(x, 50)), 1 / 50);
  return sub(complex(1), scale(softplus(scale(sub(complex(1), a), 50)), 1 / 50));
}
