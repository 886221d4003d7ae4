/** Every way in which the project computes the correlation, behind one face. */
import { DirectCorrelation, type Experiment, type Model } from "@siegert/physics-core";
import { createShard } from "@siegert/physics-elementwise";
import { correlationMap, createMeshgrid } from "@siegert/physics-meshgrid";

export interface Scaling {
  readonly contrast: number;
  readonly offset: number;
}

export type Pair = readonly [i: number, j: number];

/** c2 at some pairs of one angle. */
export type Engine = (
  model: Model,
  experiment: Experiment,
  parameters: Float64Array,
  angle: number,
  scaling: Scaling,
  pairs: readonly Pair[],
) => Float64Array;

export const direct: Engine = (model, experiment, parameters, angle, { contrast, offset }, pairs) => {
  const correlation = new DirectCorrelation(model, experiment);
  correlation.setParameters(parameters);
  return Float64Array.from(pairs, ([i, j]) => offset + contrast * correlation.normalised(i, j, angle));
};

const map: Engine = (model, experiment, parameters, angle, scaling, pairs) => {
  const c2 = correlationMap(model, experiment, parameters, angle, scaling);
  return Float64Array.from(pairs, ([i, j]) => c2[i * experiment.times.length + j]!);
};

/** The engine that fits use, asked for its map. */
function meshgrid(engine: "wasm" | "plain", tileSize?: number): Engine {
  return (model, experiment, parameters, angle, scaling, pairs) => {
    const frames = experiment.times.length;
    const angles = experiment.phi.length;
    const nothing = new Float64Array(frames * frames);
    const grid = createMeshgrid({ model, experiment, c2: () => nothing, engine, ...(tileSize ? { tileSize } : {}) });
    const c2 = grid.map(vectorOf(parameters, scaling, angles), angle);
    return Float64Array.from(pairs, ([i, j]) => c2[i * frames + j]!);
  };
}

function elementwise(engine: "wasm" | "plain"): Engine {
  return (model, experiment, parameters, angle, scaling, pairs) => {
    const shard = createShard({
      model,
      experiment,
      i: Int32Array.from(pairs, ([i]) => i),
      j: Int32Array.from(pairs, ([, j]) => j),
      angle: new Int32Array(pairs.length).fill(angle),
      c2: new Float64Array(pairs.length),
      sigma: 1,
      engine,
    });
    return shard.c2(vectorOf(parameters, scaling, experiment.phi.length), new Float64Array(pairs.length));
  };
}

/** Full vector: physics, then the same contrast and offset for every angle. */
export function vectorOf(parameters: Float64Array, { contrast, offset }: Scaling, angles: number): Float64Array {
  const x = new Float64Array(parameters.length + 2 * angles);
  x.set(parameters);
  for (let k = 0; k < angles; k++) x.set([contrast, offset], parameters.length + 2 * k);
  return x;
}

/** The float64 engines. */
export const ENGINES: readonly (readonly [name: string, engine: Engine])[] = [
  ["direct formula", direct],
  ["correlation map", map],
  ["meshgrid, wasm", meshgrid("wasm")],
  ["meshgrid, plain", meshgrid("plain")],
  ["meshgrid, tiles of 8", meshgrid("wasm", 8)],
  ["element-wise, wasm", elementwise("wasm")],
  ["element-wise, plain", elementwise("plain")],
];
