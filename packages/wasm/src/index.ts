export {
  block,
  br,
  br_if,
  drop,
  type ForLoopOptions,
  forLoop,
  loop,
  return_,
  select,
  sequence,
  setAll,
  unreachable,
  when,
  whenValue,
  whileLoop,
} from "./control.ts";
export type { BodyOf, CodeWriter, Expr, ExprsOf, Label, MultiExpr, Statement, ValueType } from "./expression.ts";
export { features, type WasmFeatures } from "./features.ts";
export type {
  CallOf,
  FunctionBuilder,
  FunctionRef,
  LocalsOf,
  LocalTuple,
  LocalType,
  Signature,
  ValueTypeOf,
} from "./function-builder.ts";
export { instantiate } from "./instantiate.ts";
export type { Local } from "./local.ts";
export { addErf, erfcPlain, erfPlain } from "./math/erf.ts";
export { addExp, expPlain } from "./math/exp.ts";
export { addExpm1, expm1Plain } from "./math/expm1.ts";
export { addDigamma, addLgamma, digammaPlain, lgammaPlain } from "./math/gamma.ts";
export {
  type ArrayFunction,
  createMath,
  type MathKernels,
  type MathOptions,
  type UnaryMathName,
} from "./math/kernels.ts";
export { addLog, addLog1p, log1pPlain, logPlain } from "./math/log.ts";
export { addSigmoid, addSoftplus, addTanh, sigmoidPlain, softplusPlain, tanhPlain } from "./math/logistic.ts";
export { addPow, powPlain, type VectorFunction2 } from "./math/pow.ts";
export { addCos, addSin, addSinCos, cosPlain, type SinCosFunction, sinPlain } from "./math/sin-cos.ts";
export type { VectorFunction } from "./math/vector-arithmetic.ts";
export { type ElementKind, MemoryArena, type MemoryArenaOptions, type MemoryRegion } from "./memory-arena.ts";
export { memory } from "./memory-instructions.ts";
export {
  type FunctionOptions,
  type GlobalOptions,
  type GlobalRef,
  type MemoryOptions,
  ModuleBuilder,
} from "./module-builder.ts";
export { f32, f64, i32, i64 } from "./scalar-instructions.ts";
export { f32x4, f64x2, i8x16, i16x8, i32x4, i64x2, type Lanes, v128 } from "./vector-instructions.ts";
export type { WasmImports, WasmMemory, WasmModule } from "./web-assembly.ts";
