/** A simulated measurement of the two-component model at a given size. */
import { createModel, type Experiment, type Model, timeAxis } from "@siegert/physics-core";
import { correlationMap } from "@siegert/physics-meshgrid";
import { createRandom } from "@siegert/random";

export interface Measurement {
  readonly model: Model;
  readonly experiment: Experiment;
  readonly maps: readonly Float64Array[];
  /** Full vector: physics, then contrast and offset of every angle. */
  readonly x: Float64Array;
}

const TRUTH = [8000, 0.3, 500, 25000, -0.4, 1000, 1200, 0.3, 10, 0.45, -0.1, 0, 0.15, 3];
const CONTRAST = 0.3;
const OFFSET = 1;
const NOISE = 0.01;

export function measurement(frames: number, phi: readonly number[], seed = 1): Measurement {
  const model = createModel({ mode: "two_component" });
  const experiment = { q: 0.0054, phi, times: timeAxis({ frames, dt: 10 / frames, start: 1 }) };
  const parameters = Float64Array.from(TRUTH);
  const maps = phi.map((_, angle) => {
    const map = correlationMap(model, experiment, parameters, angle, { contrast: CONTRAST, offset: OFFSET });
    const random = createRandom(seed, "benchmark", angle);
    for (let i = 0; i < frames; i++) {
      for (let j = i + 1; j < frames; j++) {
        map[i * frames + j]! += NOISE * random.normal();
        map[j * frames + i] = map[i * frames + j]!;
      }
    }
    return map;
  });
  return { model, experiment, maps, x: Float64Array.of(...TRUTH, ...phi.flatMap(() => [CONTRAST, OFFSET])) };
}
