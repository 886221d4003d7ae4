import { sample } from "/work/main/packages/nuts/src/index.ts";

function normal(dim: number) {
  const f = (x: Float64Array, g: Float64Array) => {
    let s = 0;
    for (let i = 0; i < dim; i++) {
      const v = x[i]!;
      s -= v * v;
      g[i] = -v;
    }
    return 0.5 * s;
  };
  return { dim, logDensity: (x: Float64Array) => f(x, new Float64Array(dim)), logDensityAndGradient: f };
}
for (const d of [10, 100]) {
  const t = normal(d);
  for (let rep = 0; rep < 3; rep++) {
    const before = performance.now();
    const run = await sample(t, { chains: 1, warmup: 300, draws: d === 10 ? 60000 : 20000, metric: "diagonal" });
    const c = run.chains[0]!;
    const lf = c.gradients - c.warmupGradients;
    const us = (c.samplingSeconds * 1e6) / lf;
    const x = new Float64Array(d).fill(0.3),
      g = new Float64Array(d);
    let s = 0;
    const n = 2e6;
    const t0 = performance.now();
    for (let i = 0; i < n; i++) {
      x[0] = i * 1e-9;
      s += t.logDensityAndGradient(x, g);
    }
    const gu = ((performance.now() - t0) * 1e3) / n;
    console.log(
      d,
      "us/leapfrog",
      us.toFixed(3),
      "gradient",
      gu.toFixed(3),
      "overhead",
      (us - gu).toFixed(3),
      "lf/draw",
      (lf / c.size).toFixed(1),
    );
  }
}
