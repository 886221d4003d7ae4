import { InvalidArgumentError } from "@siegert/errors";
import { describe, expect, test } from "vitest";
import {
  ANALYSIS_MODES,
  checkExperiment,
  createModel,
  cumulativeTrapezoid,
  cumulativeTrapezoidTranspose,
  findParameter,
  PARAMETERS,
  SCALING_PARAMETERS,
  timeAxis,
} from "../src/index.ts";

test("parameter vectors have the field's order", () => {
  const names = (mode: (typeof ANALYSIS_MODES)[number]) =>
    createModel({ mode })
      .parameters.map((p) => p.name)
      .join(" ");
  expect(names("static_isotropic")).toBe("D0 alpha D_offset");
  expect(names("static_anisotropic")).toBe("D0 alpha D_offset");
  expect(names("laminar_flow")).toBe("D0 alpha D_offset gamma_dot_t0 beta gamma_dot_t_offset phi0");
  expect(names("two_component")).toBe(
    "D0_ref alpha_ref D_offset_ref D0_sample alpha_sample D_offset_sample v0 beta v_offset f0 f1 f2 f3 phi0",
  );
});

test("every default and prior mean lies within the bounds, every prior has a width", () => {
  for (const p of [...PARAMETERS, ...SCALING_PARAMETERS]) {
    expect(p.default, p.name).toBeGreaterThanOrEqual(p.lower);
    expect(p.default, p.name).toBeLessThanOrEqual(p.upper);
    expect(p.priorMean, p.name).toBeGreaterThanOrEqual(p.lower);
    expect(p.priorMean, p.name).toBeLessThanOrEqual(p.upper);
    expect(p.priorSd, p.name).toBeGreaterThan(0);
  }
});

test("names and aliases are unique within a mode", () => {
  for (const mode of ANALYSIS_MODES) {
    const names = [...createModel({ mode }).parameters, ...SCALING_PARAMETERS].flatMap((p) => [p.name, ...p.aliases]);
    expect(new Set(names).size, mode).toBe(names.length);
  }
});

test.each([
  ["laminar_flow", "gamma_dot_0", "gamma_dot_t0"],
  ["laminar_flow", "phi_0", "phi0"],
  ["two_component", "v_beta", "beta"],
  ["two_component", "phi0_het", "phi0"],
  ["static_isotropic", "contrast", "contrast"],
  ["static_isotropic", "beta", undefined],
] as const)("findParameter(%s, %s) is %s", (mode, name, expected) => {
  expect(findParameter(mode, name)?.name).toBe(expected);
});

describe("cumulative trapezoid", () => {
  test("is exact for straight lines", () => {
    const rate = Float64Array.from({ length: 7 }, (_, i) => 3 + 2 * i);
    const integral = cumulativeTrapezoid(rate, 1, new Float64Array(7));
    for (let i = 0; i < 7; i++) expect(integral[i]).toBe(3 * i + i * i);
  });

  test("its transpose satisfies ⟨g, C r⟩ = ⟨Cᵀ g, r⟩", () => {
    const n = 9;
    const [r, g] = [
      Float64Array.from({ length: n }, (_, i) => Math.sin(i + 1)),
      Float64Array.from({ length: n }, (_, i) => Math.cos(3 * i)),
    ];
    const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, v, i) => sum + v * b[i]!, 0);
    const forward = dot(g, cumulativeTrapezoid(r, 0.3, new Float64Array(n)));
    const backward = dot(cumulativeTrapezoidTranspose(g, 0.3, new Float64Array(n)), r);
    expect(Math.abs(forward - backward)).toBeLessThan(1e-14);
  });
});

const GOOD = { q: 0.0054, phi: [0], times: timeAxis({ frames: 5, dt: 0.1 }) };
test.each([
  ["q", { ...GOOD, q: -1 }],
  ["gap", { ...GOOD, gap: 0 }],
  ["phi", { ...GOOD, phi: [] }],
  ["phi[1]", { ...GOOD, phi: [0, Number.NaN] }],
  ["times", { ...GOOD, times: Float64Array.of(0, 0) }],
  ["times[2]", { ...GOOD, times: Float64Array.of(0, 1, 3) }],
  ["times[3]", { ...GOOD, times: Float64Array.of(0, 1, 2, Number.NaN) }],
])("an experiment with a bad %s is refused by name", (argument, experiment) => {
  expect(() => checkExperiment(experiment)).toThrow(expect.objectContaining({ argument }));
});

test("time axes count from the first frame, and bad ones are refused", () => {
  expect([...timeAxis({ frames: 3, dt: 0.5, start: 2 })]).toEqual([1, 1.5, 2]);
  expect(() => timeAxis({ frames: 1, dt: 1 })).toThrow(InvalidArgumentError);
  expect(() => timeAxis({ frames: 3, dt: -1 })).toThrow(/dt must be positive/);
  expect(() => timeAxis({ frames: 3, dt: 1, start: -1 })).toThrow(InvalidArgumentError);
  expect(() => checkExperiment({ ...GOOD, times: timeAxis({ frames: 100_000, dt: 1e-3, start: 7 }) })).not.toThrow();
});

test("unknown modes and conventions are refused", () => {
  expect(() => createModel({ mode: "laminar" as "laminar_flow" })).toThrow(/mode must be one of static_isotropic/);
  expect(() => createModel({ mode: "laminar_flow", shear: "other" as "coded" })).toThrow(InvalidArgumentError);
  expect(() => createModel({ mode: "two_component", fractionLimit: "soft" as "hard" })).toThrow(InvalidArgumentError);
});
