/** Math on whole arrays: chunks are copied into the memory of one module, which computes two elements at a time. */
import { forLoop, setAll } from "../control.ts";
import { features } from "../features.ts";
import { instantiate } from "../instantiate.ts";
import { ModuleBuilder } from "../module-builder.ts";
import { f64x2 } from "../vector-instructions.ts";
import type { WasmMemory } from "../web-assembly.ts";
import { addErf, erfPlain } from "./erf.ts";
import { addExp, expPlain } from "./exp.ts";
import { addExpm1, expm1Plain } from "./expm1.ts";
import { addDigamma, addLgamma, digammaPlain, lgammaPlain } from "./gamma.ts";
import { addLog, addLog1p, log1pPlain, logPlain } from "./log.ts";
import { addSigmoid, addSoftplus, addTanh, sigmoidPlain, softplusPlain, tanhPlain } from "./logistic.ts";
import { addPow, powPlain } from "./pow.ts";
import { addCos, addSin, addSinCos, cosPlain, sinPlain } from "./sin-cos.ts";
import type { VectorFunction } from "./vector-arithmetic.ts";

/** Functions of one number that `MathKernels` has. */
export type UnaryMathName =
  | "exp"
  | "expm1"
  | "log"
  | "log1p"
  | "sin"
  | "cos"
  | "tanh"
  | "sigmoid"
  | "softplus"
  | "erf"
  | "lgamma"
  | "digamma";

const UNARY: Readonly<
  Record<UnaryMathName, readonly [add: (module: ModuleBuilder) => VectorFunction, plain: (x: number) => number]>
> = {
  exp: [addExp, expPlain],
  expm1: [addExpm1, expm1Plain],
  log: [addLog, logPlain],
  log1p: [addLog1p, log1pPlain],
  sin: [addSin, sinPlain],
  cos: [addCos, cosPlain],
  tanh: [addTanh, tanhPlain],
  sigmoid: [addSigmoid, sigmoidPlain],
  softplus: [addSoftplus, softplusPlain],
  erf: [addErf, erfPlain],
  lgamma: [addLgamma, lgammaPlain],
  digamma: [addDigamma, digammaPlain],
};

/**
 * Element by element, into `out`, which is returned; it may be the input itself, but must not otherwise share memory
 * with it. Nothing is allocated. @throws {RangeError} when the lengths differ.
 */
export type ArrayFunction = (x: Float64Array, out: Float64Array) => Float64Array;

/** Math on float64 arrays; errors of each function as of its plain twin, whose results these are bit for bit. */
export type MathKernels = Readonly<Record<UnaryMathName, ArrayFunction>> & {
  /** Whether the vector code runs; otherwise the plain twins do. */
  readonly isSimd: boolean;
  /** x^y element by element, as ECMAScript's `**`. @throws {RangeError} when the lengths differ. */
  readonly pow: (x: Float64Array, y: Float64Array, out: Float64Array) => Float64Array;
  /** Sine and cosine at the cost of little more than one. @throws {RangeError} when the lengths differ. */
  readonly sincos: (x: Float64Array, sinOut: Float64Array, cosOut: Float64Array) => void;
};

/** Which code runs. */
export interface MathOptions {
  /** true: vector code or nothing; false: the plain twins. Default: vector code where the host has it. */
  readonly simd?: boolean;
}

/** Elements per chunk: four arrays of them fill one page of 64 KiB. */
const CHUNK = 2048;
const CHUNK_BYTES: number = 8 * CHUNK;

/** Compiles the functions. @throws {TypeError} when `simd: true` is asked for and the host has none. */
export function createMath({ simd }: MathOptions = {}): MathKernels {
  const isSupported = features().simd;
  if (simd && !isSupported) throw new TypeError("simd: true needs a host with WebAssembly SIMD; this one has none");
  return (simd ?? isSupported) ? vectorKernels() : plainKernels();
}

function plainKernels(): MathKernels {
  return {
    ...mapUnary(([, plain]) => (x, out) => {
      checkLengths(x.length, out.length);
      for (let k = 0; k < x.length; k++) out[k] = plain(x[k]!);
      return out;
    }),
    isSimd: false,
    pow: (x, y, out) => {
      checkLengths(x.length, y.length, out.length);
      for (let k = 0; k < x.length; k++) out[k] = powPlain(x[k]!, y[k]!);
      return out;
    },
    sincos: (x, sinOut, cosOut) => {
      checkLengths(x.length, sinOut.length, cosOut.length);
      for (let k = 0; k < x.length; k++) {
        const angle = x[k]!;
        sinOut[k] = sinPlain(angle);
        cosOut[k] = cosPlain(angle);
      }
    },
  };
}

/** Computes a chunk whose x lies at 0 and y one chunk on, up to `end` bytes of x; results two and three chunks on. */
type ChunkFunction = (end: number) => void;

function vectorKernels(): MathKernels {
  const exports = instantiate<Record<string, ChunkFunction> & { memory: WasmMemory }>(mathModule());
  const [first, second, result, otherResult] = [0, 1, 2, 3].map(
    (k) => new Float64Array(exports.memory.buffer, k * CHUNK_BYTES, CHUNK),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array];
  return {
    ...mapUnary((_, name) => {
      const compute = exports[name]!;
      return (x, out) => {
        checkLengths(x.length, out.length);
        for (let from = 0; from < x.length; from += CHUNK) {
          const count = copyIn(x, from, first);
          compute(8 * count);
          copyOut(result, count, out, from);
        }
        return out;
      };
    }),
    isSimd: true,
    pow: (x, y, out) => {
      checkLengths(x.length, y.length, out.length);
      for (let from = 0; from < x.length; from += CHUNK) {
        copyIn(y, from, second);
        const count = copyIn(x, from, first);
        exports["pow"]!(8 * count);
        copyOut(result, count, out, from);
      }
      return out;
    },
    sincos: (x, sinOut, cosOut) => {
      checkLengths(x.length, sinOut.length, cosOut.length);
      for (let from = 0; from < x.length; from += CHUNK) {
        const count = copyIn(x, from, first);
        exports["sincos"]!(8 * count);
        copyOut(result, count, sinOut, from);
        copyOut(otherResult, count, cosOut, from);
      }
    },
  };
}

/** Module with one export per function, each of which computes a chunk. */
function mathModule(): ModuleBuilder {
  const module = new ModuleBuilder();
  module.memory({ minimum: 1, maximum: 1, export: "memory" });
  const signature = { params: ["i32"], results: [], export: true } as const;
  for (const [name, [add]] of Object.entries(UNARY)) {
    const f = add(module);
    module.function(name, signature, (fn, end) => {
      const at = fn.local("i32");
      return [forLoop(at, 0, end, 16, [f64x2.store(at, f(f64x2.load(at)), 2 * CHUNK_BYTES)])];
    });
  }
  const pow = addPow(module);
  module.function("pow", signature, (fn, end) => {
    const at = fn.local("i32");
    const power = pow(f64x2.load(at), f64x2.load(at, CHUNK_BYTES));
    return [forLoop(at, 0, end, 16, [f64x2.store(at, power, 2 * CHUNK_BYTES)])];
  });
  const sincos = addSinCos(module);
  module.function("sincos", signature, (fn, end) => {
    const [at, sin, cos] = [fn.local("i32"), fn.local("f64x2"), fn.local("f64x2")];
    return [
      forLoop(at, 0, end, 16, [
        setAll([sin, cos], sincos(f64x2.load(at))),
        f64x2.store(at, sin, 2 * CHUNK_BYTES),
        f64x2.store(at, cos, 3 * CHUNK_BYTES),
      ]),
    ];
  });
  return module;
}

function mapUnary(
  make: (entry: (typeof UNARY)[UnaryMathName], name: UnaryMathName) => ArrayFunction,
): Readonly<Record<UnaryMathName, ArrayFunction>> {
  const names = Object.keys(UNARY) as UnaryMathName[];
  return Object.fromEntries(names.map((name) => [name, make(UNARY[name], name)])) as Record<
    UnaryMathName,
    ArrayFunction
  >;
}

/** Copies a chunk in; an odd one is filled up by a number that no function finds hard. */
function copyIn(x: Float64Array, from: number, chunk: Float64Array): number {
  const count = Math.min(CHUNK, x.length - from);
  for (let k = 0; k < count; k++) chunk[k] = x[from + k]!;
  if (count & 1) chunk[count] = 1;
  return count;
}

/** Copies a chunk out: by `set` when whole, which needs no view of a part. */
function copyOut(chunk: Float64Array, count: number, out: Float64Array, from: number): void {
  if (count === CHUNK) out.set(chunk, from);
  else for (let k = 0; k < count; k++) out[from + k] = chunk[k]!;
}

function checkLengths(length: number, second: number, third: number = length): void {
  if (second !== length || third !== length) {
    const lengths = third === length ? `${length} and ${second}` : `${length}, ${second} and ${third}`;
    throw new RangeError(`arrays must have one length; received ${lengths}`);
  }
}
