import type { Experiment, Model } from "@siegert/physics-core";
import {
  addSinCos,
  f64x2,
  forLoop,
  i32,
  type Local,
  type ModuleBuilder,
  type Statement,
  setAll,
  v128,
  when,
} from "@siegert/wasm";
import type { HomodyneFrames, HomodyneRow, HomodyneStage } from "../homodyne-stage.ts";
import { LANES, type ShardMemory } from "../shard-memory.ts";
import { addRateIntegrals, type RateExports, RateIntegral } from "./rate-integrals.ts";

/** Lowest diffusion coefficient (Å²/s) and shear rate (1/s). */
const FLOOR = 1e-10;

/** Exports of {@link addHomodyneStage}. */
export interface HomodyneStageExports extends RateExports {
  /** Addresses of the angle's tables of factors and of the integral; length in bytes. */
  readonly writePhase: (bytes: number, left: number, right: number, integral: number, kappa: number) => void;
}

/** Adds the loops of `homodyneStage`, two frames at a time. */
export function addHomodyneStage(module: ModuleBuilder): void {
  addRateIntegrals(module);
  const params = ["i32", "i32", "i32", "i32", "f64"] as const;
  module.function("writePhase", { params, results: [], export: true }, (fn, bytes, left, right, integral, kappa) => {
    const sinCos = addSinCos(module);
    const at = fn.local("i32");
    const vector = (): Local<"v128"> => fn.local("f64x2");
    const [phase, sine, cosine, high] = [vector(), vector(), vector(), vector()];
    const storeFrame = (lane: 0 | 1): Statement[] => [
      high.set(f64x2.shuffle(sine, phase, [lane, lane + 2])),
      ...[left, right].flatMap((table) => [
        v128.store64_lane(table, cosine, lane, 32 * lane + 8),
        v128.store(table, high, 32 * lane + 16),
      ]),
    ];
    return [
      forLoop(at, 0, bytes, 16, [
        phase.set(f64x2.mul(f64x2.splat(kappa), v128.load(i32.add(integral, at)))),
        setAll([sine, cosine], sinCos(phase)),
        ...storeFrame(0),
        when(i32.lt_u(i32.add(at, i32.const(8)), bytes), storeFrame(1)),
        left.set(i32.add(left, i32.const(64))),
        right.set(i32.add(right, i32.const(64))),
      ]),
    ];
  });
}

/** The stage on an instance whose memory holds the shard. */
export function wasmHomodyneStage(
  exports: HomodyneStageExports,
  model: Model,
  experiment: Experiment,
  memory: ShardMemory,
  own: HomodyneFrames,
): HomodyneStage {
  const { times } = experiment;
  const frames = times.length;
  const shortest = Math.max((0.5 * (times[frames - 1]! - times[0]!)) / (frames - 1), 1e-8);
  own.logTime.forEach((_, i, row) => {
    row[i] = Math.log(Math.max(times[Math.min(i, frames - 1)]!, shortest));
  });
  own.one.fill(1);
  const address = (name: HomodyneRow): number => own[name].byteOffset;
  const rateOf = (name: "diffusion" | "shear", derivative: "byDiffusion" | "byShear"): RateIntegral =>
    new RateIntegral(exports, memory, experiment, FLOOR, {
      logTime: address("logTime"),
      isLater: address("one"),
      values: address(name),
      shape: address(`${name}Shape`),
      free: address(`${name}Free`),
      derivative: address(derivative),
    });
  const rates = [rateOf("diffusion", "byDiffusion")];
  if (model.phi0Index >= 0) rates.push(rateOf("shear", "byShear"));
  const bytes = 8 * frames;
  const left = memory.left.byteOffset;
  const right = memory.right.byteOffset;
  return {
    evaluate: (x) => {
      for (let c = 0; c < rates.length; c++) rates[c]!.evaluate(x, 3 * c);
    },
    writePhase: (angle, kappa) => {
      const table = angle * bytes * LANES;
      exports.writePhase(bytes, left + table, right + table, own.shear.byteOffset, kappa);
    },
    chain: (x, gradient) => {
      for (let c = 0; c < rates.length; c++) rates[c]!.chain(x, 3 * c, gradient);
    },
  };
}
