import type { Experiment } from "@siegert/physics-core";
import {
  addExp,
  type Expr,
  f64,
  f64x2,
  forLoop,
  i32,
  type Local,
  type ModuleBuilder,
  type Statement,
  v128,
  whileLoop,
} from "@siegert/wasm";
import type { HeterodyneChannels } from "../heterodyne-channels.ts";
import { frameStride, type HeterodyneFrames } from "../heterodyne-frames.ts";
import type { ShardMemory } from "../shard-memory.ts";

/** exp beyond this overflows; the fraction has long met its limit. */
const LARGEST_EXPONENT = 700;

/** Exports of {@link addHeterodyneChannels}. Rows are given by their addresses, lengths in bytes. */
export interface ChannelExports {
  readonly integrate: (
    bytes: number,
    logTime: number,
    isLater: number,
    values: number,
    shape: number,
    free: number,
    amplitude: number,
    exponent: number,
    offset: number,
    floor: number,
    halfStep: number,
  ) => void;
  readonly chainIntegral: (
    bytes: number,
    derivative: number,
    logTime: number,
    shape: number,
    free: number,
    out: number,
    amplitude: number,
    halfStep: number,
  ) => void;
  readonly limitFraction: (
    bytes: number,
    time: number,
    fraction: number,
    growth: number,
    slope: number,
    f0: number,
    f1: number,
    f2: number,
    f3: number,
  ) => void;
  readonly chainFraction: (
    bytes: number,
    derivative: number,
    time: number,
    growth: number,
    slope: number,
    out: number,
    f1: number,
    f2: number,
  ) => void;
}

/** Adds the loops from parameters to channels, and back by the transposed trapezoid rule. */
export function addHeterodyneChannels(module: ModuleBuilder): void {
  addIntegrate(module);
  addChainIntegral(module);
  addLimitFraction(module);
  addChainFraction(module);
}

function addIntegrate(module: ModuleBuilder): void {
  const params = ["i32", "i32", "i32", "i32", "i32", "i32", "f64", "f64", "f64", "f64", "f64"] as const;
  module.function(
    "integrate",
    { params, results: [], export: true },
    (fn, bytes, logTime, isLater, values, ...rest) => {
      const [shape, free, amplitude, exponent, offset, floor, halfStep] = rest;
      const exp = addExp(module);
      const at = fn.local("i32");
      const vector = (): Local<"v128"> => fn.local("f64x2");
      const [power, value, isFree] = [vector(), vector(), vector()];
      const [sum, previous, current] = [fn.local("f64"), fn.local("f64"), fn.local("f64")];
      const row = (start: Local<"i32">): Expr<"i32"> => i32.add(start, at);
      const rates: Statement[] = [
        power.set(f64x2.mul(exp(f64x2.mul(f64x2.splat(exponent), v128.load(row(logTime)))), v128.load(row(isLater)))),
        value.set(f64x2.add(f64x2.mul(f64x2.splat(amplitude), power), f64x2.splat(offset))),
        isFree.set(f64x2.gt(value, f64x2.splat(floor))),
        v128.store(row(values), v128.bitselect(value, f64x2.splat(floor), isFree)),
        v128.store(row(shape), v128.and(power, isFree)),
        v128.store(row(free), v128.and(f64x2.const(1), isFree)),
      ];
      return [
        forLoop(at, 0, bytes, 16, rates),
        previous.set(f64.load(values)),
        f64.store(values, f64.const(0)),
        forLoop(at, 8, bytes, 8, [
          current.set(f64.load(row(values))),
          sum.set(f64.add(sum, f64.add(previous, current))),
          f64.store(row(values), f64.mul(halfStep, sum)),
          previous.set(current),
        ]),
      ];
    },
  );
}

function addChainIntegral(module: ModuleBuilder): void {
  const params = ["i32", "i32", "i32", "i32", "i32", "i32", "f64", "f64"] as const;
  module.function("chainIntegral", { params, results: [], export: true }, (fn, bytes, derivative, ...rest) => {
    const [logTime, shape, free, out, amplitude, halfStep] = rest;
    const at = fn.local("i32");
    const scalar = (): Local<"f64"> => fn.local("f64");
    const [own, tail, byRate, product] = [scalar(), scalar(), scalar(), scalar()];
    const [byAmplitude, byExponent, byOffset] = [scalar(), scalar(), scalar()];
    const load = (row: Local<"i32">): Expr<"f64"> => f64.load(i32.add(row, at));
    const gather: Statement[] = [
      product.set(f64.mul(byRate, load(shape))),
      byAmplitude.set(f64.add(byAmplitude, product)),
      byExponent.set(f64.add(byExponent, f64.mul(product, load(logTime)))),
      byOffset.set(f64.add(byOffset, f64.mul(byRate, load(free)))),
    ];
    // A rate enters its own integral and the next by half a step, and the integrals after that by a whole one.
    return [
      at.set(i32.sub(bytes, i32.const(8))),
      whileLoop(at, [
        own.set(load(derivative)),
        byRate.set(f64.mul(halfStep, f64.add(own, f64.add(tail, tail)))),
        tail.set(f64.add(tail, own)),
        ...gather,
        at.set(i32.sub(at, i32.const(8))),
      ]),
      byRate.set(f64.mul(halfStep, tail)),
      ...gather,
      f64.store(out, byAmplitude),
      f64.store(out, f64.mul(amplitude, byExponent), 8),
      f64.store(out, byOffset, 16),
    ];
  });
}

function addLimitFraction(module: ModuleBuilder): void {
  const params = ["i32", "i32", "i32", "i32", "i32", "f64", "f64", "f64", "f64"] as const;
  module.function("limitFraction", { params, results: [], export: true }, (fn, bytes, time, fraction, ...rest) => {
    const [growth, slope, f0, f1, f2, f3] = rest;
    const exp = addExp(module);
    const at = fn.local("i32");
    const vector = (): Local<"v128"> => fn.local("f64x2");
    const [grown, raw, isWithin] = [vector(), vector(), vector()];
    const row = (start: Local<"i32">): Expr<"i32"> => i32.add(start, at);
    const exponent = f64x2.mul(f64x2.splat(f1), f64x2.sub(v128.load(row(time)), f64x2.splat(f2)));
    const [zero, one] = [f64x2.const(0), f64x2.const(1)];
    return [
      forLoop(at, 0, bytes, 16, [
        grown.set(exp(f64x2.pmin(exponent, f64x2.const(LARGEST_EXPONENT)))),
        raw.set(f64x2.add(f64x2.mul(f64x2.splat(f0), grown), f64x2.splat(f3))),
        v128.store(row(fraction), f64x2.pmin(f64x2.pmax(raw, zero), one)),
        isWithin.set(v128.and(f64x2.ge(raw, zero), f64x2.le(raw, one))),
        v128.store(row(growth), v128.and(grown, isWithin)),
        v128.store(row(slope), v128.and(one, isWithin)),
      ]),
    ];
  });
}

function addChainFraction(module: ModuleBuilder): void {
  const params = ["i32", "i32", "i32", "i32", "i32", "i32", "f64", "f64"] as const;
  module.function("chainFraction", { params, results: [], export: true }, (fn, bytes, derivative, time, ...rest) => {
    const [growth, slope, out, f1, f2] = rest;
    const at = fn.local("i32");
    const vector = (): Local<"v128"> => fn.local("f64x2");
    const [lapse, own, scaled, uncapped] = [vector(), vector(), vector(), vector()];
    const sums = [vector(), vector(), vector(), vector()] as const;
    const load = (row: Local<"i32">): Expr<"v128"> => v128.load(i32.add(row, at));
    const add = (k: 0 | 1 | 2 | 3, value: Expr<"v128">): Statement => sums[k].set(f64x2.add(sums[k], value));
    return [
      forLoop(at, 0, bytes, 16, [
        lapse.set(f64x2.sub(load(time), f64x2.splat(f2))),
        own.set(load(derivative)),
        scaled.set(f64x2.mul(own, load(growth))),
        uncapped.set(v128.and(scaled, f64x2.lt(f64x2.mul(f64x2.splat(f1), lapse), f64x2.const(LARGEST_EXPONENT)))),
        add(0, scaled),
        add(1, f64x2.mul(uncapped, lapse)),
        add(2, uncapped),
        add(3, f64x2.mul(own, load(slope))),
      ]),
      ...sums.map((sum, k) => f64.store(out, f64.add(f64x2.extract_lane(sum, 0), f64x2.extract_lane(sum, 1)), 8 * k)),
    ];
  });
}

/** The channels on an instance whose memory holds the shard; for fractions with the hard limit. */
export function wasmHeterodyneChannels(
  exports: ChannelExports,
  experiment: Experiment,
  memory: ShardMemory,
  own: HeterodyneFrames,
): HeterodyneChannels {
  const { times } = experiment;
  const frames = times.length;
  const bytes = 8 * frames;
  const halfStep = (0.5 * (times[frames - 1]! - times[0]!)) / (frames - 1);
  for (let i = 0; i < frameStride(frames); i++) {
    const t = times[Math.min(i, frames - 1)]!;
    own.logTime[i] = t === 0 ? 0 : Math.log(t);
    own.isLater[i] = t === 0 ? 0 : 1;
    own.time[i] = t;
  }
  const at = (name: keyof HeterodyneFrames): number => own[name].byteOffset;
  const [logTime, isLater, time] = [at("logTime"), at("isLater"), at("time")];
  const rates = (["reference", "sample", "velocity"] as const).map((name, k) => ({
    values: at(name),
    shape: at(`${name}Shape`),
    free: at(`${name}Free`),
    derivative: at((["byReference", "bySample", "byVelocity"] as const)[k]!),
    floor: name === "velocity" ? -Infinity : 0,
  }));
  const [fraction, growth, slope] = [at("fraction"), at("fractionGrowth"), at("fractionSlope")];
  const byFraction = at("byFraction");
  const { sums } = memory;
  const out = sums.byteOffset;
  return {
    evaluate: (x) => {
      for (let c = 0; c < 3; c++) {
        const { values, shape, free, floor } = rates[c]!;
        const amplitude = x[3 * c]!;
        const exponent = x[3 * c + 1]!;
        const offset = x[3 * c + 2]!;
        exports.integrate(bytes, logTime, isLater, values, shape, free, amplitude, exponent, offset, floor, halfStep);
      }
      exports.limitFraction(bytes, time, fraction, growth, slope, x[9]!, x[10]!, x[11]!, x[12]!);
    },
    chain: (x, gradient) => {
      for (let c = 0; c < 3; c++) {
        const { derivative, shape, free } = rates[c]!;
        exports.chainIntegral(bytes, derivative, logTime, shape, free, out, x[3 * c]!, halfStep);
        gradient[3 * c] = sums[0]!;
        gradient[3 * c + 1] = sums[1]!;
        gradient[3 * c + 2] = sums[2]!;
      }
      exports.chainFraction(bytes, byFraction, time, growth, slope, out, x[10]!, x[11]!);
      gradient[9] = sums[0]!;
      gradient[10] = x[9]! * sums[1]!;
      gradient[11] = -x[9]! * x[10]! * sums[2]!;
      gradient[12] = sums[3]!;
    },
  };
}
