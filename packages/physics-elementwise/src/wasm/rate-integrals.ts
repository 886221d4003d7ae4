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
import type { ShardMemory } from "../shard-memory.ts";

/** Exports of {@link addRateIntegrals}. Rows are given by their addresses, lengths in bytes. */
export interface RateExports {
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
}

/** Adds power-law rates with their running integrals, and the way back by the transposed trapezoid rule. */
export function addRateIntegrals(module: ModuleBuilder): void {
  addIntegrate(module);
  addChainIntegral(module);
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

/** Addresses of the rows that belong to one rate. */
export interface RateRows {
  /** ln t (0 at t = 0), and 0 at t = 0 and 1 elsewhere. */
  readonly logTime: number;
  readonly isLater: number;
  /** The integral. */
  readonly values: number;
  /** Derivatives of the rate by its amplitude and its offset. */
  readonly shape: number;
  readonly free: number;
  /** Derivative of the target by the integral. */
  readonly derivative: number;
}

/** The integral of one power-law rate, whose amplitude, exponent and offset stand side by side in the parameters. */
export class RateIntegral {
  readonly #exports: RateExports;
  readonly #rows: RateRows;
  readonly #floor: number;
  readonly #bytes: number;
  readonly #halfStep: number;
  readonly #out: Float64Array;

  constructor(exports: RateExports, memory: ShardMemory, { times }: Experiment, floor: number, rows: RateRows) {
    const frames = times.length;
    this.#exports = exports;
    this.#rows = rows;
    this.#floor = floor;
    this.#bytes = 8 * frames;
    this.#halfStep = (0.5 * (times[frames - 1]! - times[0]!)) / (frames - 1);
    this.#out = memory.sums;
  }

  evaluate(x: Float64Array, first: number): void {
    const { logTime, isLater, values, shape, free } = this.#rows;
    this.#exports.integrate(
      this.#bytes,
      logTime,
      isLater,
      values,
      shape,
      free,
      x[first]!,
      x[first + 1]!,
      x[first + 2]!,
      this.#floor,
      this.#halfStep,
    );
  }

  chain(x: Float64Array, first: number, gradient: Float64Array): void {
    const { derivative, logTime, shape, free } = this.#rows;
    const out = this.#out;
    this.#exports.chainIntegral(
      this.#bytes,
      derivative,
      logTime,
      shape,
      free,
      out.byteOffset,
      x[first]!,
      this.#halfStep,
    );
    gradient[first] = out[0]!;
    gradient[first + 1] = out[1]!;
    gradient[first + 2] = out[2]!;
  }
}
