import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AnalysisMode, ChannelGrid, createModel, type FractionLimit, timeAxis } from "../src/index.ts";
import { add, type Complex, complex, exp, log1p, mul, scale } from "./complex.ts";

const STEP = 1e-30;

/** Channel values with one parameter moved into the complex plane, by formulas independent of the package. */
function channelsAt(mode: AnalysisMode, limit: FractionLimit, times: Float64Array, p: readonly Complex[]): Complex[][] {
  const dt = times[1]! - times[0]!;
  const power = (exponent: Complex, t: number): Complex => (t === 0 ? complex(0) : exp(scale(exponent, Math.log(t))));
  const rate = (k: number, floor: number, shortest: number): Complex[] =>
    Array.from(times, (t) => {
      const value = add(mul(p[k]!, power(p[k + 1]!, Math.max(t, shortest))), p[k + 2]!);
      return value.re > floor ? value : complex(floor);
    });
  const integral = (r: Complex[]): Complex[] => {
    const c = [complex(0)];
    for (let i = 1; i < r.length; i++) c.push(add(c[i - 1]!, scale(add(r[i - 1]!, r[i]!), dt / 2)));
    return c;
  };
  if (mode !== "two_component") {
    const shortest = Math.max(dt / 2, 1e-8);
    const channels = [integral(rate(0, 1e-10, shortest))];
    return mode === "laminar_flow" ? [...channels, integral(rate(3, 1e-10, shortest))] : channels;
  }
  const softplus = (x: Complex): Complex => (x.re > 0 ? add(x, log1p(exp(scale(x, -1)))) : log1p(exp(x)));
  const limited = (x: Complex): Complex => {
    if (limit === "hard") return x.re < 0 ? complex(0) : x.re > 1 ? complex(1) : x;
    const a = scale(softplus(scale(x, 50)), 1 / 50);
    return add(complex(1), scale(softplus(scale(add(complex(1), scale(a, -1)), 50)), -1 / 50));
  };
  const fraction = Array.from(times, (t) =>
    limited(add(mul(p[9]!, exp(mul(p[10]!, add(complex(t), scale(p[11]!, -1))))), p[12]!)),
  );
  return [integral(rate(0, 0, 0)), integral(rate(3, 0, 0)), integral(rate(6, -Infinity, 0)), fraction];
}

const LAMINAR = [1000, -0.3, 20, 1e-3, 0.1, 1e-5, 3];
const TWO_COMPONENT = [1e4, -0.3, 50, 2e4, 0.1, 10, 1e3, 0.2, 5, 0.4, -0.05, 1, 0.1, 3];
const CASES: [AnalysisMode, FractionLimit, number[]][] = [
  ["static_isotropic", "hard", LAMINAR.slice(0, 3)],
  ["laminar_flow", "hard", LAMINAR],
  ["two_component", "hard", TWO_COMPONENT],
  ["two_component", "smooth", TWO_COMPONENT],
];

describe("channels and their tangents agree with complex steps through independent formulas", () => {
  test.each(CASES)("%s, fraction limit %s", (mode, fractionLimit, centre) => {
    const times = timeAxis({ frames: 40, dt: 0.1 });
    const model = createModel({ mode, fractionLimit });
    const grid = new ChannelGrid(model, { q: 0.0054, phi: [0], times });
    const anyParameters = fc.array(fc.double({ min: 0.5, max: 1.5, noNaN: true }), {
      minLength: centre.length,
      maxLength: centre.length,
    });
    fc.assert(
      fc.property(anyParameters, (factors) => {
        const p = Float64Array.from(centre, (c, k) => c * factors[k]!);
        grid.evaluateWithTangents(p);
        for (const [c, channel] of grid.channels.entries()) {
          for (const [row, index] of channel.parameters.entries()) {
            const moved = Array.from(p, (v, k) => complex(v, k === index ? STEP : 0));
            const expected = channelsAt(mode, fractionLimit, times, moved)[c]!;
            const size = Math.max(...expected.map((e) => Math.abs(e.im / STEP)), 1e-300);
            for (let i = 0; i < times.length; i++) {
              expect(Math.abs(channel.values[i]! - expected[i]!.re)).toBeLessThanOrEqual(
                1e-12 * Math.abs(expected[i]!.re),
              );
              const tangent = channel.tangents[row * times.length + i]!;
              expect(Math.abs(tangent - expected[i]!.im / STEP)).toBeLessThanOrEqual(1e-12 * size);
            }
          }
        }
      }),
      { numRuns: 40, seed: 11 },
    );
  });
});

test("every parameter but phi0 acts through exactly one channel", () => {
  for (const [mode] of CASES) {
    const model = createModel({ mode });
    const grid = new ChannelGrid(model, { q: 0.0054, phi: [0], times: timeAxis({ frames: 5, dt: 1 }) });
    const touched = grid.channels.flatMap((channel) => [...channel.parameters]);
    const expected = model.parameters.map((_, k) => k).filter((k) => k !== model.phi0Index);
    expect(touched.sort((a, b) => a - b)).toEqual(expected);
  }
});

test("rates at their floor stop moving with their parameters", () => {
  const model = createModel({ mode: "two_component" });
  const grid = new ChannelGrid(model, { q: 0.0054, phi: [0], times: timeAxis({ frames: 10, dt: 0.1 }) });
  const p = Float64Array.from(TWO_COMPONENT);
  p[2] = -1e5;
  grid.evaluateWithTangents(p);
  expect(grid.channels[0]!.values.every((v) => v === 0)).toBe(true);
  expect(grid.channels[0]!.tangents.every((v) => v === 0)).toBe(true);
});

test("a growing fraction never becomes NaN", () => {
  const model = createModel({ mode: "two_component", fractionLimit: "smooth" });
  const grid = new ChannelGrid(model, { q: 0.0054, phi: [0], times: timeAxis({ frames: 10, dt: 1e4 }) });
  for (const f0 of [0, 1e-300, 1]) {
    const p = Float64Array.from(TWO_COMPONENT);
    p.set([f0, 10, -1e4, 0.1], 9);
    grid.evaluateWithTangents(p);
    const fraction = grid.channels[3]!;
    expect([...fraction.values, ...fraction.tangents].every(Number.isFinite)).toBe(true);
    expect(fraction.values.every((f) => f >= 0 && f <= 1)).toBe(true);
  }
});

test("a parameter that is not a number gives values and tangents that are not, with and without tangents", () => {
  const model = createModel({ mode: "laminar_flow" });
  const grid = new ChannelGrid(model, { q: 0.0054, phi: [0], times: timeAxis({ frames: 5, dt: 0.1 }) });
  const p = Float64Array.from(LAMINAR);
  p[1] = Number.NaN;
  for (const evaluate of [() => grid.evaluate(p), () => grid.evaluateWithTangents(p)]) {
    evaluate();
    expect(grid.channels[0]!.values[4]).toBeNaN();
  }
});
