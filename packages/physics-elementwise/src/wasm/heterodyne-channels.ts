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
} from "@siegert/wasm";
import type { HeterodyneChannels } from "../heterodyne-channels.ts";
import type { HeterodyneFrames } from "../heterodyne-frames.ts";
import { frameStride, type ShardMemory } from "../shard-memory.ts";
import { addRateIntegrals, type RateExports, RateIntegral } from "./rate-integrals.ts";

/** exp beyond this overflows; the fraction has long met its limit. */
const LARGEST_EXPONENT = 700;

/** Exports of {@link addHeterodyneChannels}. Rows are given by their addresses, lengths in bytes. */
export interface ChannelExports extends RateExports {
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

/** Adds the loops from parameters to channels, and back. */
export function addHeterodyneChannels(module: ModuleBuilder): void {
  addRateIntegrals(module);
  addLimitFraction(module);
  addChainFraction(module);
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
  for (let i = 0; i < frameStride(frames); i++) {
    const t = times[Math.min(i, frames - 1)]!;
    own.logTime[i] = t === 0 ? 0 : Math.log(t);
    own.isLater[i] = t === 0 ? 0 : 1;
    own.time[i] = t;
  }
  const address = (name: keyof HeterodyneFrames): number => own[name].byteOffset;
  const rates = (
    [
      ["reference", "byReference"],
      ["sample", "bySample"],
      ["velocity", "byVelocity"],
    ] as const
  ).map(
    ([name, derivative]) =>
      new RateIntegral(exports, memory, experiment, name === "velocity" ? -Infinity : 0, {
        logTime: address("logTime"),
        isLater: address("isLater"),
        values: address(name),
        shape: address(`${name}Shape`),
        free: address(`${name}Free`),
        derivative: address(derivative),
      }),
  );
  const time = address("time");
  const [fraction, growth, slope] = [address("fraction"), address("fractionGrowth"), address("fractionSlope")];
  const byFraction = address("byFraction");
  const { sums } = memory;
  const out = sums.byteOffset;
  return {
    evaluate: (x) => {
      for (let c = 0; c < 3; c++) rates[c]!.evaluate(x, 3 * c);
      exports.limitFraction(bytes, time, fraction, growth, slope, x[9]!, x[10]!, x[11]!, x[12]!);
    },
    chain: (x, gradient) => {
      for (let c = 0; c < 3; c++) rates[c]!.chain(x, 3 * c, gradient);
      exports.chainFraction(bytes, byFraction, time, growth, slope, out, x[10]!, x[11]!);
      gradient[9] = sums[0]!;
      gradient[10] = x[9]! * sums[1]!;
      gradient[11] = -x[9]! * x[10]! * sums[2]!;
      gradient[12] = sums[3]!;
    },
  };
}
