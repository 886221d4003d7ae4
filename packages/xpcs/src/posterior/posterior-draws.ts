import { Draws } from "@siegert/diagnostics";
import type { SamplingRun } from "@siegert/nuts";
import type { Model } from "@siegert/physics-core";
import type { XpcsPosterior } from "./xpcs-posterior.ts";

/** Draws of a posterior on the scale of the parameters. */
export interface PosteriorDraws {
  /** Sampled quantities, sigma, and what follows from them. */
  readonly draws: Draws;
  /** Full vectors (physics, contrast and offset per angle), row-major (chain · draw, vector). */
  readonly vectors: Float64Array;
  readonly vectorLength: number;
  /** Unit by name; empty for pure numbers. */
  readonly units: ReadonlyMap<string, string>;
}

/** Reads the draws of a run; with two components adds `fraction_amplitude`, f0·exp(−f1·f2). */
export function posteriorDraws(run: SamplingRun, target: XpcsPosterior, model: Model): PosteriorDraws {
  const { values, chains, draws, names } = run.constrained();
  const total = chains * draws;
  const variables: Record<string, Float64Array> = {};
  for (const [k, name] of names.entries()) {
    variables[name] = Float64Array.from({ length: total }, (_, s) => values[s * names.length + k]!);
  }
  const positions = run.unconstrained().values;
  const vectorLength = target.expand(positions.subarray(0, target.dim)).length;
  const vectors = new Float64Array(total * vectorLength);
  for (let s = 0; s < total; s++) {
    vectors.set(target.expand(positions.subarray(s * target.dim, (s + 1) * target.dim)), s * vectorLength);
  }
  if (model.kind === "heterodyne") {
    variables["fraction_amplitude"] = Float64Array.from({ length: total }, (_, s) => {
      const [f0, f1, f2] = vectors.subarray(s * vectorLength + 9, s * vectorLength + 12);
      return f0! * Math.exp(-f1! * f2!);
    });
  }
  const units = new Map(model.parameters.map(({ name, unit }) => [name, unit]));
  return { draws: new Draws({ chains, draws, variables }), vectors, vectorLength, units };
}
