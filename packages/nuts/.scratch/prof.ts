import { sample } from "../src/index.ts";

const dim = Number(process.argv[2]);
const f = (x: Float64Array, g: Float64Array) => {
  let s = 0;
  for (let i = 0; i < dim; i++) {
    const v = x[i]!;
    s -= v * v;
    g[i] = -v;
  }
  return 0.5 * s;
};
await sample(
  { dim, logDensity: (x: Float64Array) => f(x, new Float64Array(dim)), logDensityAndGradient: f },
  {
    chains: 1,
    warmup: 300,
    draws: dim === 10 ? 200000 : 50000,
    metric: "diagonal",
    keepDraws: false,
    sink: { write() {} },
  },
);
