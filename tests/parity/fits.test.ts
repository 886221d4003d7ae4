import { existsSync } from "node:fs";
import type { LossName } from "@siegert/nlsq";
import { type AnalysisMode, createModel, type FractionLimit, timeAxis } from "@siegert/physics-core";
import { type FitOptions, type FitResult, fitCorrelation, openDataSource } from "@siegert/xpcs";
import { describe, expect, test } from "vitest";
import scipy from "./fixtures/scipy-fits.json" with { type: "json" };
import simulated from "./fixtures/simulated-data.json" with { type: "json" };

type Named = Readonly<Record<string, number | null>>;

interface SciPyFit {
  readonly startValues: Named;
  readonly values: Named;
  readonly cost: number;
  readonly standardErrors?: Named;
}

interface SimulatedSet {
  readonly model: AnalysisMode;
  readonly angles: readonly number[];
  readonly nTimes: number;
  readonly dt: number;
  readonly pairs: readonly (readonly number[])[];
  readonly outliers?: readonly (readonly [angle: number, pair: number, shift: number])[];
}

const sets = simulated.sets as unknown as Readonly<Record<string, SimulatedSet>>;

/** Full maps from strict upper triangles. */
function mapsOf(set: SimulatedSet, withOutliers = false): Float64Array[] {
  const { nTimes: n } = set;
  return set.pairs.map((triangle, angle) => {
    const values = Float64Array.from(triangle);
    if (withOutliers) for (const [k, pair, shift] of set.outliers ?? []) if (k === angle) values[pair]! += shift;
    const map = new Float64Array(n * n).fill(1);
    let at = 0;
    for (let i = 0; i < n; i++) {
      for (let j = i + 1; j < n; j++) {
        map[i * n + j] = values[at]!;
        map[j * n + i] = values[at++]!;
      }
    }
    return map;
  });
}

function optionsFor(
  set: SimulatedSet,
  start: Named,
  fixed: Named,
  extra: Partial<FitOptions> = {},
  fractionLimit: FractionLimit = "hard",
): FitOptions {
  const model = createModel({ mode: set.model, fractionLimit });
  const maps = mapsOf(set);
  return {
    model,
    experiment: {
      q: simulated.q,
      gap: simulated.gap,
      phi: set.angles,
      times: timeAxis({ frames: set.nTimes, dt: set.dt, start: simulated.startFrame }),
    },
    c2: (angle) => maps[angle]!,
    parameters: model.parameters.map(({ name, lower, upper }) => ({
      start: fixed[name] ?? start[name]!,
      lower,
      upper,
      isFree: !(name in fixed),
    })),
    scalingMode: "individual",
    sigma: 1,
    multistart: { when: "never" },
    tolerance: { ftol: 1e-15, xtol: 1e-14, gtol: 1e-14 },
    ...extra,
  };
}

/** Values to 1e-6 relative, or where a parameter is nearly zero to 1e-5 of its standard error; errors to 1e-5. */
function expectSame(result: FitResult, expected: SciPyFit): void {
  const found = new Map<string, { value: number; error: number | undefined }>();
  const { names, matrix } = result.covariance;
  // SciPy's errors are linear; those reported follow a curved valley where there is one.
  const linear = new Map(names.map((name, k) => [name, Math.sqrt(matrix[k * names.length + k]!)]));
  for (const p of result.parameters) found.set(p.name, { value: p.value, error: linear.get(p.name) });
  for (const [k, s] of result.scaling.entries()) {
    found.set(`contrast_${k}`, { value: s.contrast, error: s.contrastError });
    found.set(`offset_${k}`, { value: s.offset, error: s.offsetError });
  }
  for (const [name, value] of Object.entries(expected.values)) {
    const ours = found.get(name)!;
    const error = expected.standardErrors?.[name];
    const allowance = Math.max(1e-6 * Math.abs(value!), 1e-5 * (error ?? 0));
    expect(Math.abs(ours.value - value!), `${name}: ${ours.value} for ${value}`).toBeLessThanOrEqual(allowance);
    if (error) expect(Math.abs(ours.error! / error - 1), `standard error of ${name}`).toBeLessThan(1e-5);
  }
}

/** ½ Σ r² of the fit: sigma is 1. */
const costOf = (result: FitResult) => result.chi2 / 2;

describe("optima of SciPy on the same residuals, to 1e-6", () => {
  test.each([
    ["static_anisotropic from near the truth", "staticAnisotropic", scipy.staticAnisotropic.fromTruth, {}],
    ["static_anisotropic from default values", "staticAnisotropic", scipy.staticAnisotropic.fromDefaults, {}],
    ["laminar_flow from near the truth", "laminar", scipy.laminar.fromTruth, {}],
    ["two_component from near the truth", "twoComponent", scipy.twoComponent.fromTruth, scipy.twoComponent.fixed],
  ] as const)("%s", async (_name, set, expected, fixed) => {
    const fit = expected as unknown as SciPyFit;
    const result = await fitCorrelation(optionsFor(sets[set]!, fit.startValues, fixed));
    expectSame(result, fit);
    expect(Math.abs(costOf(result) / fit.cost - 1)).toBeLessThan(1e-10);
  });

  test("two_component with the smooth limit", async () => {
    const fit = scipy.twoComponent.smoothLimit as unknown as SciPyFit;
    expectSame(
      await fitCorrelation(optionsFor(sets["twoComponent"]!, fit.startValues, scipy.twoComponent.fixed, {}, "smooth")),
      fit,
    );
  });

  test.each(["plain", "wasm"] as const)(
    "laminar_flow by the %s engine, by tiles of 16, and with weights of 1",
    async (engine) => {
      const fit = scipy.laminar.fromTruth as unknown as SciPyFit;
      const set = sets["laminar"]!;
      const ones = new Float64Array(set.nTimes ** 2).fill(1);
      for (const extra of [{ engine }, { engine, tileSize: 16 }, { engine, weights: () => ones }]) {
        expectSame(await fitCorrelation(optionsFor(set, fit.startValues, {}, extra)), fit);
      }
    },
  );

  test.each(["clean", "withOutliers"] as const)("laminar_flow with robust losses, data %s", async (data) => {
    const set = sets["laminar"]!;
    const maps = mapsOf(set, data === "withOutliers");
    for (const [loss, fit] of Object.entries(scipy.laminarRobust.fits[data])) {
      const expected = fit as unknown as SciPyFit;
      const extra = {
        c2: (angle: number) => maps[angle]!,
        loss: loss as LossName,
        lossScale: scipy.laminarRobust.fScale,
      };
      expectSame(await fitCorrelation(optionsFor(set, expected.startValues, {}, extra)), expected);
    }
  });
});

test("two_component with f0, f1 and f2 all free reports the amplitude that the data determine", async () => {
  const set = sets["twoComponent"]!;
  const { startValues } = scipy.twoComponent.fromTruth as unknown as SciPyFit;
  const result = await fitCorrelation(optionsFor(set, { ...startValues, f2: 1 }, {}));
  const { amplitudeAtTimeZero, f1, cost } = scipy.twoComponent.f2Free;
  const amplitude = result.derived.find((d) => d.name === "fraction_amplitude")!;
  expect(Math.abs(amplitude.value / amplitudeAtTimeZero - 1)).toBeLessThan(1e-6);
  expect(Math.abs(result.parameters.find((p) => p.name === "f1")!.value / f1 - 1)).toBeLessThan(1e-6);
  expect(Math.abs(costOf(result) / cost - 1)).toBeLessThan(1e-9);
  expect(result.parameters.find((p) => p.name === "f2")).toMatchObject({ isFree: false, standardError: undefined });
});

const measured = new URL("../../../shared/data/nsls2_two_time_350.npy", import.meta.url);

describe.skipIf(!existsSync(measured))("the measured map of NSLS-II (skipped where the shared data are absent)", () => {
  test("a pure power law lands on SciPy's optimum", async () => {
    const fit = scipy.measured.powerLawOnly as unknown as SciPyFit;
    const model = createModel({ mode: "static_isotropic" });
    const source = await openDataSource(measured.pathname);
    const map = await source.loadMap(source.entries[0]!);
    await source.close();
    const result = await fitCorrelation({
      model,
      experiment: { q: scipy.measured.q, phi: [0], times: timeAxis({ frames: source.frames, dt: scipy.measured.dt }) },
      c2: () => map,
      parameters: model.parameters.map(({ name, lower, upper, default: initial }) => ({
        start: name === "D_offset" ? 0 : initial,
        lower,
        upper,
        isFree: name !== "D_offset",
      })),
      scalingMode: "individual",
      sigma: 1,
      multistart: { when: "never" },
      tolerance: { ftol: 1e-15, xtol: 1e-14, gtol: 1e-14 },
    });
    expectSame(result, fit);
    expect(result.pairs).toBe((350 * 349) / 2);
  });
});
