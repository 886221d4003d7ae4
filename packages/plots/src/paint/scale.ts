/** From data to figure coordinates, with ticks: what an axis needs. */
import { formatNumber, formatTick } from "./number-format.ts";

export interface Tick {
  readonly value: number;
  /** Empty for a minor tick. */
  readonly label: string;
}

export interface Scale {
  readonly domain: readonly [low: number, high: number];
  readonly ticks: readonly Tick[];
  /** Figure coordinate of a value. */
  at(value: number): number;
}

/**
 * A linear scale whose ticks are multiples of 1, 2 or 5 times a power of ten inside the domain.
 *
 * @param domain low < high, both finite.
 * @param span figure coordinates of low and high.
 * @param wanted about how many ticks.
 */
export function linearScale(domain: readonly [number, number], span: readonly [number, number], wanted = 5): Scale {
  const [low, high] = domain;
  const slope = (span[1] - span[0]) / (high - low);
  const step = tickStep((high - low) / wanted);
  const largest = Math.max(Math.abs(low), Math.abs(high));
  const ticks: Tick[] = [];
  // 1e-9 of a step keeps ends that are multiples of the step up to rounding.
  for (let k = Math.ceil(low / step - 1e-9); k <= high / step + 1e-9; k++) {
    ticks.push({ value: k * step, label: formatTick(k * step, step, largest) });
  }
  return { domain, ticks, at: (value) => span[0] + slope * (value - low) };
}

/** A logarithmic scale with a labelled tick at every power of ten (1, 2 and 5 below two decades) and minor ticks. */
export function logScale(domain: readonly [number, number], span: readonly [number, number]): Scale {
  const [low, high] = domain;
  const slope = (span[1] - span[0]) / Math.log(high / low);
  const decades = Math.log10(high / low);
  const ticks: Tick[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    for (let factor = 1; factor < 10; factor++) {
      const value = Number(`${factor}e${power}`);
      if (value < low * (1 - 1e-9) || value > high * (1 + 1e-9)) continue;
      const isLabelled = decades >= 2 ? factor === 1 : factor === 1 || factor === 2 || factor === 5;
      ticks.push({ value, label: isLabelled ? formatNumber(value) : "" });
    }
  }
  return { domain, ticks, at: (value) => span[0] + slope * Math.log(value / low) };
}

/** The nearest of 1, 2, 5, 10 times a power of ten, on a logarithmic measure. */
function tickStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = rough / power;
  return power * (factor < Math.SQRT2 ? 1 : factor < Math.sqrt(10) ? 2 : factor < Math.sqrt(50) ? 5 : 10);
}
