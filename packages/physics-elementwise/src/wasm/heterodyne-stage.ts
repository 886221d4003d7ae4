import {
  addSinCos,
  f64,
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
import type { HeterodyneFrames } from "../heterodyne-frames.ts";
import type { HeterodyneStage } from "../heterodyne-stage.ts";
import { frameStride, LANES, type ShardMemory } from "../shard-memory.ts";
import { addGather, addGrow } from "./heterodyne-growth.ts";
import { addressRows } from "./row-addresses.ts";

/** Exports of {@link addHeterodyneStage}: the loops of `heterodyneStage`, two frames at a time. */
export interface StageExports {
  /** Addresses of the angle's tables and of its rows of cosines and sines; of the first row of the workspace. */
  readonly write: (
    bytes: number,
    left: number,
    right: number,
    cosine: number,
    sine: number,
    rows: number,
    stride: number,
    kappa: number,
  ) => void;
  readonly grow: (bytes: number, rows: number, stride: number, h: number, reference: number, sample: number) => void;
  readonly gather: (bytes: number, rows: number, stride: number, h: number) => void;
  readonly collect: (
    bytes: number,
    leftGradient: number,
    rightGradient: number,
    cosine: number,
    sine: number,
    rows: number,
    stride: number,
    kappa: number,
    scale: number,
  ) => number;
}

const COLLECTED = [
  "velocity",
  "leftAlpha",
  "rightAlpha",
  "byLeftAlpha",
  "byRightAlpha",
  "byLeftBeta",
  "byRightBeta",
  "byVelocity",
] as const;

const EVEN = [0, 2];
const ODD = [1, 3];
const ADDRESSES = ["i32", "i32", "i32", "i32", "i32", "i32", "i32"] as const;

/** Adds the loops to a module. */
export function addHeterodyneStage(module: ModuleBuilder): void {
  const write = { params: [...ADDRESSES, "f64"], results: [], export: true } as const;
  module.function("write", write, (fn, bytes, left, right, cosine, sine, rows, stride, kappa) => {
    const at = fn.local("i32");
    const rowAt = addressRows(fn, rows, stride, at, ["velocity", "leftAlpha", "rightAlpha", "leftBeta", "rightBeta"]);
    const sinCos = addSinCos(module);
    const vector = (): Local<"v128"> => fn.local("f64x2");
    const [s, c, p, q, alpha] = [vector(), vector(), vector(), vector(), vector()];
    const storeFrame = (table: Local<"i32">, lane: 0 | 1): Statement[] => [
      v128.store(table, f64x2.shuffle(p, q, [lane, lane + 2]), 32 * lane),
      v128.store(table, f64x2.shuffle(alpha, alpha, [lane, lane]), 32 * lane + 16),
    ];
    const storeFrames = (table: Local<"i32">, growth: "left" | "right"): Statement[] => [
      p.set(f64x2.mul(v128.load(rowAt.address(`${growth}Beta`)), c)),
      q.set(f64x2.mul(v128.load(rowAt.address(`${growth}Beta`)), s)),
      alpha.set(v128.load(rowAt.address(`${growth}Alpha`))),
      ...storeFrame(table, 0),
      when(i32.lt_u(i32.add(at, i32.const(8)), bytes), storeFrame(table, 1)),
      table.set(i32.add(table, i32.const(64))),
    ];
    return [
      ...rowAt.start,
      forLoop(at, 0, bytes, 16, [
        setAll([s, c], sinCos(f64x2.mul(v128.load(rowAt.address("velocity")), f64x2.splat(kappa)))),
        v128.store(i32.add(cosine, at), c),
        v128.store(i32.add(sine, at), s),
        ...storeFrames(left, "left"),
        ...storeFrames(right, "right"),
      ]),
    ];
  });
  addCollect(module);
  addGrow(module);
  addGather(module);
}

function addCollect(module: ModuleBuilder): void {
  const collect = { params: [...ADDRESSES, "f64", "f64"], results: ["f64"], export: true } as const;
  module.function("collect", collect, (fn, bytes, left, right, cosine, sine, rows, stride, kappa, scale) => {
    const at = fn.local("i32");
    const rowAt = addressRows(fn, rows, stride, at, COLLECTED);
    const vector = (): Local<"v128"> => fn.local("f64x2");
    const [factor, c, s, phase, byKappa] = [vector(), vector(), vector(), vector(), vector()];
    const [first, second, firstHigh, secondHigh] = [vector(), vector(), vector(), vector()];
    const next = fn.local("i32");
    const load = (table: Local<"i32">): Statement[] => [
      first.set(v128.load(table)),
      firstHigh.set(v128.load(table, 16)),
      second.set(v128.load(i32.add(table, next))),
      secondHigh.set(v128.load(i32.add(table, next), 16)),
      table.set(i32.add(table, i32.const(64))),
    ];
    const beta = f64x2.add(
      f64x2.mul(c, f64x2.shuffle(first, second, EVEN)),
      f64x2.mul(s, f64x2.shuffle(first, second, ODD)),
    );
    const alpha = f64x2.mul(factor, f64x2.shuffle(firstHigh, secondHigh, EVEN));
    const byPhase = f64x2.mul(factor, f64x2.shuffle(firstHigh, secondHigh, ODD));
    return [
      ...rowAt.start,
      factor.set(f64x2.splat(scale)),
      next.set(i32.const(32)),
      forLoop(at, 0, bytes, 16, [
        // An odd last frame is read twice, and counts once.
        when(i32.ge_u(i32.add(at, i32.const(8)), bytes), [
          next.set(i32.const(0)),
          factor.set(f64x2.mul(factor, f64x2.const(1, 0))),
        ]),
        c.set(f64x2.mul(factor, v128.load(i32.add(cosine, at)))),
        s.set(f64x2.mul(factor, v128.load(i32.add(sine, at)))),
        ...load(left),
        rowAt.add("byLeftAlpha", alpha),
        rowAt.add("byLeftBeta", beta),
        phase.set(f64x2.mul(v128.load(rowAt.address("leftAlpha")), byPhase)),
        ...load(right),
        rowAt.add("byRightAlpha", alpha),
        rowAt.add("byRightBeta", beta),
        phase.set(f64x2.sub(phase, f64x2.mul(v128.load(rowAt.address("rightAlpha")), byPhase))),
        rowAt.add("byVelocity", f64x2.mul(f64x2.splat(kappa), phase)),
        byKappa.set(f64x2.add(byKappa, f64x2.mul(v128.load(rowAt.address("velocity")), phase))),
      ]),
      f64.add(f64x2.extract_lane(byKappa, 0), f64x2.extract_lane(byKappa, 1)),
    ];
  });
}

/** The stage on an instance whose memory holds the shard. */
export function wasmHeterodyneStage(
  exports: StageExports,
  memory: ShardMemory,
  own: HeterodyneFrames,
): HeterodyneStage {
  const { left, right, leftGradient, rightGradient, workspace, pairs } = memory;
  const bytes = 8 * pairs.frames;
  const stride = 8 * frameStride(pairs.frames);
  const table = bytes * LANES;
  const rows = workspace.byteOffset;
  const cosine = own.cosine.byteOffset;
  const sine = own.sine.byteOffset;
  return {
    grow: (h) => {
      const last = pairs.frames - 1;
      exports.grow(bytes, rows, stride, h, 0.5 * own.reference[last]!, 0.5 * own.sample[last]!);
    },
    gather: (h) => exports.gather(bytes, rows, stride, h),
    write: (angle, kappa) => {
      const leftAt = left.byteOffset + angle * table;
      const rightAt = right.byteOffset + angle * table;
      exports.write(bytes, leftAt, rightAt, cosine + angle * stride, sine + angle * stride, rows, stride, kappa);
    },
    collect: (angle, kappa, scale) => {
      const leftAt = leftGradient.byteOffset + angle * table;
      const rightAt = rightGradient.byteOffset + angle * table;
      const cosineAt = cosine + angle * stride;
      const sineAt = sine + angle * stride;
      return exports.collect(bytes, leftAt, rightAt, cosineAt, sineAt, rows, stride, kappa, scale);
    },
  };
}
