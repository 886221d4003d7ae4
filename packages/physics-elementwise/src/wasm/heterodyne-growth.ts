import { addExp, f64x2, forLoop, type Local, type ModuleBuilder, type Statement } from "@siegert/wasm";
import { addressRows } from "./row-addresses.ts";

/** Adds `grow` of `heterodyneStage`. */
export function addGrow(module: ModuleBuilder): void {
  const grow = { params: ["i32", "i32", "i32", "f64", "f64", "f64"], results: [], export: true } as const;
  module.function("grow", grow, (fn, bytes, rows, stride, h, middleReference, middleSample) => {
    const at = fn.local("i32");
    const rowAt = addressRows(fn, rows, stride, at, [
      "reference",
      "sample",
      "fraction",
      "growthReference",
      "growthSample",
      "leftAlpha",
      "rightAlpha",
      "leftBeta",
      "rightBeta",
    ]);
    const exp = addExp(module);
    const vector = (): Local<"v128"> => fn.local("f64x2");
    const [fs, fr, norm, growth, amplitude] = [vector(), vector(), vector(), vector(), vector()];
    const one = f64x2.const(1);
    const component = (
      integral: "reference" | "sample",
      kept: "growthReference" | "growthSample",
      name: "Alpha" | "Beta",
      fraction: Local<"v128">,
      middle: Local<"f64">,
    ): Statement[] => [
      growth.set(exp(f64x2.mul(f64x2.splat(h), f64x2.sub(rowAt.load(integral), f64x2.splat(middle))))),
      amplitude.set(f64x2.mul(fraction, norm)),
      rowAt.store(kept, growth),
      rowAt.store(`left${name}`, f64x2.mul(amplitude, growth)),
      rowAt.store(`right${name}`, f64x2.div(amplitude, growth)),
    ];
    return [
      ...rowAt.start,
      forLoop(at, 0, bytes, 16, [
        fs.set(rowAt.load("fraction")),
        fr.set(f64x2.sub(one, fs)),
        norm.set(f64x2.div(one, f64x2.sqrt(f64x2.add(f64x2.mul(fs, fs), f64x2.mul(fr, fr))))),
        ...component("reference", "growthReference", "Alpha", fr, middleReference),
        ...component("sample", "growthSample", "Beta", fs, middleSample),
      ]),
    ];
  });
}

/** Adds `gather` of `heterodyneStage`. */
export function addGather(module: ModuleBuilder): void {
  const gather = { params: ["i32", "i32", "i32", "f64"], results: [], export: true } as const;
  module.function("gather", gather, (fn, bytes, rows, stride, h) => {
    const at = fn.local("i32");
    const rowAt = addressRows(fn, rows, stride, at, [
      "leftAlpha",
      "rightAlpha",
      "leftBeta",
      "rightBeta",
      "byLeftAlpha",
      "byRightAlpha",
      "byLeftBeta",
      "byRightBeta",
      "growthReference",
      "growthSample",
      "fraction",
      "byReference",
      "bySample",
      "byFraction",
    ]);
    const vector = (): Local<"v128"> => fn.local("f64x2");
    const [fs, fr, norm, left, right, growth] = [vector(), vector(), vector(), vector(), vector(), vector()];
    const [byAlpha, byBeta] = [vector(), vector()];
    const component = (
      name: "Alpha" | "Beta",
      kept: "growthReference" | "growthSample",
      out: "byReference" | "bySample",
      byAmplitude: Local<"v128">,
    ): Statement[] => [
      left.set(rowAt.load(`byLeft${name}`)),
      right.set(rowAt.load(`byRight${name}`)),
      growth.set(rowAt.load(kept)),
      rowAt.store(
        out,
        f64x2.mul(
          f64x2.splat(h),
          f64x2.sub(f64x2.mul(rowAt.load(`left${name}`), left), f64x2.mul(rowAt.load(`right${name}`), right)),
        ),
      ),
      byAmplitude.set(f64x2.add(f64x2.mul(left, growth), f64x2.div(right, growth))),
    ];
    return [
      ...rowAt.start,
      forLoop(at, 0, bytes, 16, [
        ...component("Alpha", "growthReference", "byReference", byAlpha),
        ...component("Beta", "growthSample", "bySample", byBeta),
        fs.set(rowAt.load("fraction")),
        fr.set(f64x2.sub(f64x2.const(1), fs)),
        norm.set(f64x2.add(f64x2.mul(fs, fs), f64x2.mul(fr, fr))),
        rowAt.store(
          "byFraction",
          f64x2.div(f64x2.sub(f64x2.mul(byBeta, fr), f64x2.mul(byAlpha, fs)), f64x2.mul(norm, f64x2.sqrt(norm))),
        ),
      ]),
    ];
  });
}
