import type { ConfigPrior } from "../config/config.ts";

/**
 * Writes the log density of a prior up to a constant, and its derivative, to `out`, and returns it. The bounds themselves
 * are kept by the coordinates.
 *
 * @param prior one of the families of the configuration.
 * @param x a value within the parameter's bounds.
 * @param out length 2.
 */
export function priorTerm(
  prior: ConfigPrior,
  lower: number,
  upper: number,
  x: number,
  out: Float64Array,
): Float64Array {
  const { mean, sd, shape } = prior;
  switch (prior.type) {
    case "TruncatedNormal":
    case "Normal":
      return normal(x, mean, sd, out);
    case "HalfNormal":
      return normal(x, 0, sd, out);
    case "Uniform":
      return write(out, 0, 0);
    case "LogNormal": {
      if (!(x > 0)) return write(out, -Infinity, 0);
      const z = (Math.log(x) - mean) / sd;
      return write(out, -0.5 * z * z - Math.log(x), -(z / sd + 1) / x);
    }
    case "Exponential": {
      const rate = shape["rate"] ?? 1 / sd;
      return x >= 0 ? write(out, -rate * x, -rate) : write(out, -Infinity, 0);
    }
    case "BetaScaled": {
      const [a, b] = [shape["alpha"] ?? 2, shape["beta"] ?? 2];
      const [left, right] = [x - lower, upper - x];
      if (!(left > 0 && right > 0)) return write(out, -Infinity, 0);
      return write(out, (a - 1) * Math.log(left) + (b - 1) * Math.log(right), (a - 1) / left - (b - 1) / right);
    }
  }
}

function normal(x: number, mean: number, sd: number, out: Float64Array): Float64Array {
  const z = (x - mean) / sd;
  return write(out, -0.5 * z * z, -z / sd);
}

function write(out: Float64Array, value: number, slope: number): Float64Array {
  out[0] = value;
  out[1] = slope;
  return out;
}
