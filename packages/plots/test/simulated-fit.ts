import type { ReportAngle, ReportInput } from "../src/index.ts";

/** Standard normal numbers from a fixed linear congruential generator and the Box–Muller transform. */
export function normals(count: number, seed = 20): Float64Array {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return Float64Array.from(
    { length: count },
    () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()),
  );
}

/** Exponentially decaying correlation 1 + 0.3 exp(−lag / 5 s) with noise of 0.02; residuals masked on the diagonal. */
export function simulatedAngle(phi: number, n: number, dt = 0.1, startTime = 0): ReportAngle {
  const noise = normals(n * n, phi + 1);
  const [data, fit, residuals] = [new Float64Array(n * n), new Float64Array(n * n), new Float64Array(n * n)];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const k = i * n + j;
      fit[k] = 1 + 0.3 * Math.exp((-dt * Math.abs(i - j)) / 5);
      data[k] = i === j ? 1.6 : fit[k]! + 0.02 * noise[Math.min(i, j) * n + Math.max(i, j)]!;
      residuals[k] = i === j ? Number.NaN : data[k]! - fit[k]!;
    }
  }
  return { phi, n, dt, startTime, data, fit, residuals };
}

/** A complete report of two angles. */
export function simulatedReport(n = 40): ReportInput {
  return {
    title: "Simulated flow",
    subtitle: "two angles",
    mode: "laminar_flow",
    summary: [
      { label: "Quality", value: "good" },
      { label: "reduced χ²", value: "1.003" },
    ],
    messages: [
      { level: "info", text: "Diagonal masked." },
      { level: "error", text: "An error." },
      { level: "warning", text: "A warning." },
    ],
    parameters: [
      {
        name: "D0",
        symbol: "D₀",
        value: 1002.3,
        standardError: 5.62,
        unit: "Å²/s",
        lower: 100,
        upper: 1e5,
        atBound: false,
        truth: 1000,
      },
      {
        name: "alpha",
        value: -0.2987,
        standardError: 0.0021,
        unit: "",
        lower: -2,
        upper: 2,
        atBound: false,
        truth: -0.3,
      },
      { name: "beta", value: 2, standardError: undefined, unit: "", lower: -Infinity, upper: 2, atBound: true },
      {
        name: "phi0",
        value: 3,
        standardError: undefined,
        unit: "deg",
        lower: -10,
        upper: 10,
        atBound: true,
        fixed: true,
        truth: 3,
      },
    ],
    scaling: [
      { phi: 0, contrast: 0.3001, contrastError: 0.0003, offset: 0.99998, offsetError: 0.0001 },
      { phi: -45.5, contrast: 0.3, offset: 1 },
    ],
    angles: [simulatedAngle(0, n), simulatedAngle(45, n)],
    sigma: 0.02,
    correlation: { names: ["D0", "alpha"], matrix: Float64Array.of(1, -0.62, -0.62, 1) },
    provenance: [{ label: "file", value: "run_42.hdf" }],
  };
}
