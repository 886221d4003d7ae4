import { isNamed, type LogDensity } from "@siegert/log-density";
import type { Start } from "../chain/settings.ts";
import { checkNumbers } from "../metric/metric-from-data.ts";
import { must, mustBePositive } from "../must.ts";
import type { InitialPoints } from "./sample-options.ts";

/** One start for each chain. @throws {InvalidArgumentError} for points that do not fit the target. */
export function startsOf(initial: InitialPoints, target: LogDensity, chains: number): Start[] {
  const { dim } = target;
  const forAll = (start: Start): Start[] => Array.from({ length: chains }, () => start);
  switch (initial.kind) {
    case "uniform": {
      const radius = initial.radius ?? 2;
      mustBePositive("options.initial.radius", radius);
      return forAll({ kind: "uniform", radius });
    }
    case "prior-median": {
      const median = medianOf(target);
      must(median, "options.initial", "not ask for prior medians of a target without them", initial);
      return forAll({ kind: "at", position: median });
    }
    case "given": {
      const starts = givenStarts(initial.positions, dim, chains);
      if (initial.jitter === undefined) return starts.map((position) => ({ kind: "at", position }));
      const scale = scaleOf("options.initial.jitter", initial.jitter, dim);
      return starts.map((around) => ({ kind: "jitter", around, scale }));
    }
    case "jitter": {
      const around = initial.around
        ? finite("options.initial.around", initial.around, dim)
        : (medianOf(target) ?? Array<number>(dim).fill(0));
      return forAll({ kind: "jitter", around, scale: scaleOf("options.initial.scale", initial.scale ?? 1, dim) });
    }
    default:
      must(false, "options.initial.kind", "be uniform, prior-median, given or jitter", initial);
  }
}

function medianOf(target: LogDensity): number[] | undefined {
  return isNamed(target) && target.priorMedian ? Array.from(target.priorMedian) : undefined;
}

function givenStarts(
  positions: ArrayLike<number> | readonly ArrayLike<number>[],
  dim: number,
  chains: number,
): number[][] {
  const argument = "options.initial.positions";
  const points = Array.from(positions as ArrayLike<number | ArrayLike<number>>);
  if (points.every((one) => typeof one === "number")) {
    const position = finite(argument, points, dim);
    return Array.from({ length: chains }, () => position);
  }
  must(points.length === chains, argument, `hold one point, or ${chains}`, positions);
  return points.map((one, k) => finite(`${argument}[${k}]`, one as ArrayLike<number>, dim));
}

function scaleOf(argument: string, scale: number | ArrayLike<number>, dim: number): number[] {
  const scales = finite(argument, typeof scale === "number" ? Array<number>(dim).fill(scale) : scale, dim);
  must(
    scales.every((one) => one >= 0),
    argument,
    "not be negative",
    scale,
  );
  return scales;
}

function finite(argument: string, values: ArrayLike<number>, length: number): number[] {
  checkNumbers(argument, values, length);
  return Array.from(values);
}
