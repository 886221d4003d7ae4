import { latinHypercube } from "@siegert/nlsq";
import { type Experiment, type Model, phaseFactor } from "@siegert/physics-core";
import { createRandom } from "@siegert/random";
import type { ParameterBox } from "./coordinates.ts";

/** A range for a start, on a straight or a logarithmic scale; `at` names the parameter it is for. */
interface StartRange {
  readonly parameter: number;
  readonly from: number;
  readonly to: number;
  readonly isLogarithmic: boolean;
  /** Exponent parameter of the power law whose value at the reference time this range bounds. */
  readonly exponent?: number;
}

/**
 * Starting points that could explain some decay within the measured times: amplitudes of transport are spread over the
 * decades in which the correlation changes between one frame and far beyond the last, exponents over [−1, 1]. A Latin
 * hypercube over these ranges, clipped to the bounds; fixed parameters keep their values.
 *
 * @param count points wanted.
 * @param seed the same seed gives the same points.
 */
export function spreadStarts(
  model: Model,
  experiment: Experiment,
  box: ParameterBox,
  count: number,
  seed: number,
): Float64Array[] {
  const { times } = experiment;
  const span = times[times.length - 1]! - times[0]!;
  const dt = times[1]! - times[0]!;
  const logTime = 0.5 * Math.log(dt * Math.max(times[times.length - 1]!, dt));
  const ranges = rangesOf(model, experiment, span, box).filter((range) => box.free.includes(range.parameter));
  if (ranges.length === 0) return [];
  const unit = latinHypercube(createRandom(seed, "fit", "starts"), count, ranges.length);
  return Array.from({ length: count }, (_, s) => {
    const start = box.values.slice();
    for (const [r, range] of ranges.entries()) start[range.parameter] = valueAt(range, unit[s * ranges.length + r]!);
    for (const { parameter, exponent } of ranges) {
      if (exponent !== undefined) start[parameter]! *= Math.exp(-start[exponent]! * logTime);
    }
    for (const k of box.free) start[k] = Math.min(Math.max(start[k]!, box.lower[k]!), box.upper[k]!);
    return start;
  });
}

function valueAt({ from, to, isLogarithmic }: StartRange, u: number): number {
  return isLogarithmic ? from * (to / from) ** u : from + (to - from) * u;
}

function rangesOf(model: Model, experiment: Experiment, span: number, box: ParameterBox): StartRange[] {
  const q2 = experiment.q * experiment.q;
  const straight = (parameter: number, from: number, to: number): StartRange => {
    const lower = Math.max(from, box.lower[parameter]!);
    const upper = Math.min(to, box.upper[parameter]!);
    return { parameter, from: Math.min(lower, upper), to: Math.max(lower, upper), isLogarithmic: false };
  };
  const logarithmic = (parameter: number, exponent: number, from: number, to: number): StartRange => ({
    parameter,
    exponent,
    from,
    to,
    isLogarithmic: true,
  });
  const diffusion = (k: number) => [
    logarithmic(k, k + 1, 0.1 / (q2 * span), 100 / (q2 * span)),
    straight(k + 1, -1, 1),
  ];
  const flow = (k: number, kappa: number) => [
    logarithmic(k, k + 1, 0.5 / (kappa * span), 60 / (kappa * span)),
    straight(k + 1, -1, 1),
  ];
  const direction = model.phi0Index >= 0 ? [straight(model.phi0Index, -180, 180)] : [];
  if (model.kind === "homodyne") {
    if (model.phi0Index < 0) return diffusion(0);
    return [...diffusion(0), ...flow(3, phaseFactor(model, experiment, 0, 0).kappa), ...direction];
  }
  const fraction = [straight(9, 0.1, 0.9), straight(10, -1 / span, 1 / span), straight(12, 0, 0.3)];
  return [...diffusion(0), ...diffusion(3), ...flow(6, experiment.q), ...fraction, ...direction];
}
