import { Draws } from "@siegert/diagnostics";
import type { Model } from "@siegert/physics-core";
import type { SampledCoordinates } from "./sampled-coordinates.ts";

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

/** Draws on the unconstrained scale. */
export interface UnconstrainedDraws {
  /** Row-major (chain, draw, coordinate). */
  readonly values: Float64Array;
  readonly chains: number;
  readonly draws: number;
}

/** Reads unconstrained draws; with two components adds `fraction_amplitude`, f0·exp(−f1·f2). */
export function posteriorDraws(
  { values, chains, draws }: UnconstrainedDraws,
  coordinates: Pick<SampledCoordinates, "dim" | "parameters" | "constrain" | "expand">,
  model: Model,
): PosteriorDraws {
  const total = chains * draws;
  const { dim, parameters } = coordinates;
  const columns = parameters.map(() => new Float64Array(total));
  const row = new Float64Array(dim);
  const vectorLength = total === 0 ? 0 : coordinates.expand(values.subarray(0, dim)).length;
  const vectors = new Float64Array(total * vectorLength);
  for (let s = 0; s < total; s++) {
    const position = values.subarray(s * dim, (s + 1) * dim);
    coordinates.constrain(position, row);
    for (let k = 0; k < dim; k++) columns[k]![s] = row[k]!;
    vectors.set(coordinates.expand(position), s * vectorLength);
  }
  const variables: Record<string, Float64Array> = Object.fromEntries(
    parameters.map(({ name }, k) => [name, columns[k]!]),
  );
  if (model.kind === "heterodyne") {
    variables["fraction_amplitude"] = Float64Array.from({ length: total }, (_, s) => {
      const [f0, f1, f2] = vectors.subarray(s * vectorLength + 9, s * vectorLength + 12);
      return f0! * Math.exp(-f1! * f2!);
    });
  }
  const units = new Map(model.parameters.map(({ name, unit }) => [name, unit]));
  return { draws: new Draws({ chains, draws, variables }), vectors, vectorLength, units };
}
