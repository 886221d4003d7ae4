import type { EvaluationPoint } from "./evaluation-point.ts";
import type { LaminarGram } from "./laminar-gram.ts";
import { SteepPairs } from "./steep-pairs.ts";
import type { TileLayout } from "./tile-layout.ts";

/** χ² and its gradient, in one pass over the data. */
export class GradientPass {
  readonly #point: EvaluationPoint;
  readonly #steep: SteepPairs;

  constructor(point: EvaluationPoint, layout: TileLayout) {
    const { channels, separable, data } = point.engine;
    this.#point = point;
    this.#steep = new SteepPairs(channels.values, layout, separable, data);
  }

  /**
   * χ² at the point that is set, and adds half its gradient.
   *
   * @param gram gathers JᵀJ of each angle on the way, and `onAngle` is told when that of one is complete.
   */
  run(
    x: Float64Array,
    gradient: Float64Array,
    gram?: LaminarGram,
    onAngle?: (angle: number, contrast: number) => void,
  ): number {
    const { engine, model, angles } = this.#point;
    const { kernels, separable, sink, channels } = engine;
    const physical = model.parameters.length;
    sink.clear();
    let total = 0;
    for (let angle = 0; angle < angles; angle++) {
      const state = this.#point.setAngle(x, angle);
      const { contrast, offset } = state;
      sink.byKappa = 0;
      separable.clearSums();
      gram?.begin(state);
      total += kernels.gradient(angle, contrast, offset, gram);
      onAngle?.(angle, contrast);
      const byContrast = separable.collect(contrast, kernels.columnScale(contrast), sink);
      this.#steep.gradient(state, sink);
      const { sums } = this.#steep;
      total += sums[0]!;
      gradient[physical + 2 * angle] = byContrast + sums[2]!;
      gradient[physical + 2 * angle + 1] = kernels.residualSum + sums[1]!;
      if (model.phi0Index >= 0) gradient[model.phi0Index]! += state.kappaByPhi0 * sink.byKappa;
    }
    channels.chain(sink, gradient);
    return total;
  }
}
