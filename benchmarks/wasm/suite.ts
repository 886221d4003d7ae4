/** Speed of the SIMD math against the functions of the JavaScript engine. */
import { createMath, type UnaryMathName } from "@siegert/wasm";
import { compare } from "../measure.ts";
import type { BenchmarkCase } from "../suite.ts";

const COUNT = 10_000;

/** Functions that JavaScript has too, with the range that they are timed over. */
const CASES: readonly (readonly [UnaryMathName, (x: number) => number, number, number])[] = [
  ["exp", Math.exp, -10, 10],
  ["expm1", Math.expm1, -1, 1],
  ["log", Math.log, 1e-3, 1e3],
  ["log1p", Math.log1p, -0.5, 1],
  ["sin", Math.sin, -100, 100],
  ["cos", Math.cos, -100, 100],
  ["tanh", Math.tanh, -3, 3],
];

export async function* suite(): AsyncGenerator<BenchmarkCase> {
  const math = createMath();
  for (const [name, scalar, from, to] of CASES) {
    const x = Float64Array.from({ length: COUNT }, (_, k) => from + ((to - from) * ((k * 7919) % COUNT)) / COUNT);
    const out = new Float64Array(COUNT);
    const { subjectMs, baselineMs, ratio } = compare(
      () => void math[name](x, out),
      () => {
        for (let k = 0; k < COUNT; k++) out[k] = scalar(x[k]!);
      },
    );
    const perElement = (ms: number) => (1e6 * ms) / COUNT;
    yield {
      name: `${name}-vs-math`,
      value: perElement(subjectMs),
      unit: "ns",
      baseline: perElement(baselineMs),
      ratio,
      note: `per element on [${from}, ${to}]; baseline: Math.${name}`,
    };
  }
}
