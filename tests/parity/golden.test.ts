import {
  type AnalysisMode,
  createModel,
  type FractionLimit,
  type ShearConvention,
  timeAxis,
} from "@siegert/physics-core";
import { describe, expect, test } from "vitest";
import { ENGINES, type Pair } from "./engines.ts";
import golden from "./fixtures/golden-mpmath.json" with { type: "json" };
import peers from "./fixtures/peer-c2.json" with { type: "json" };

interface GoldenCase {
  readonly name: string;
  readonly model: AnalysisMode;
  readonly parameters: readonly number[];
  readonly phi: number;
  readonly pairs: readonly Pair[];
  readonly nTimes: number;
  readonly startFrame: number;
  readonly dt: number;
  readonly q: number;
  readonly gap: number;
  readonly contrast: number;
  readonly offset: number;
  readonly shearConvention?: ShearConvention;
  readonly fractionLimit?: FractionLimit;
  readonly values: readonly number[];
}

describe.each(ENGINES)("%s agrees with 50-digit arithmetic to 1e-12", (_name, engine) => {
  test.each(golden.cases as unknown as GoldenCase[])("$name", (one) => {
    const model = createModel({ mode: one.model, shear: one.shearConvention, fractionLimit: one.fractionLimit });
    const times = timeAxis({ frames: one.nTimes, dt: one.dt, start: one.startFrame });
    const experiment = { q: one.q, gap: one.gap, phi: [one.phi], times };
    const c2 = engine(model, experiment, Float64Array.from(one.parameters), 0, one, one.pairs);
    for (const [k, expected] of one.values.entries()) {
      expect(Math.abs(c2[k]! / expected - 1), `pair ${one.pairs[k]}: ${c2[k]} for ${expected}`).toBeLessThan(1e-12);
    }
  });
});

/** The peers differentiate through sqrt(x² + 1e-12), which biases c2 by up to about 6e-9. */
const PEER_SMOOTHING = 2e-8;

describe.each(ENGINES)("%s agrees with the Python packages to their smoothing of |x|", (_name, engine) => {
  const groups = peers.groups.map((group) => ({
    ...group,
    title: `${group.package} ${group.version} ${group.model} ${(group as { fractionLimit?: string }).fractionLimit ?? ""}`,
  }));
  test.each(groups)("$title", (group) => {
    const model = createModel({
      mode: group.model as AnalysisMode,
      fractionLimit: (group as { fractionLimit?: FractionLimit }).fractionLimit,
    });
    for (const set of group.sets) {
      const times = timeAxis({ frames: peers.nTimes, dt: peers.dt, start: set.startFrame });
      const experiment = { q: peers.q, gap: peers.gap, phi: set.angles, times };
      for (const [angle, expected] of set.values.entries()) {
        const c2 = engine(
          model,
          experiment,
          Float64Array.from(set.parameters),
          angle,
          set,
          peers.pairs as unknown as Pair[],
        );
        for (const [k, value] of expected.entries()) {
          expect(Math.abs(c2[k]! - value), `${set.name}, ${set.angles[angle]}°, pair ${peers.pairs[k]}`).toBeLessThan(
            PEER_SMOOTHING,
          );
        }
      }
    }
  });
});
