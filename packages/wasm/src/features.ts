import { block, drop } from "./control.ts";
import type { Statement } from "./expression.ts";
import { memory } from "./memory-instructions.ts";
import { ModuleBuilder } from "./module-builder.ts";
import { i32 } from "./scalar-instructions.ts";
import { f64x2, v128 } from "./vector-instructions.ts";
import { findWebAssembly } from "./web-assembly.ts";

/** What the host's WebAssembly can run. */
export interface WasmFeatures {
  /** 128-bit vectors: `v128` and its instructions. */
  readonly simd: boolean;
  /** `f64x2.relaxed_madd` and the other instructions whose rounding the machine chooses. */
  readonly relaxedSimd: boolean;
  /** Shared memories. */
  readonly threads: boolean;
  /** `memory.copy` and `memory.fill`. */
  readonly bulkMemory: boolean;
}

let known: WasmFeatures | undefined;

/** Asks the host to validate one tiny module per feature; the answer is kept. All false where there is no WebAssembly. */
export function features(): WasmFeatures {
  known ??= probe();
  return known;
}

function probe(): WasmFeatures {
  const zero = f64x2.const(0);
  return {
    simd: isValid(drop(v128.not(zero))),
    relaxedSimd: isValid(drop(f64x2.relaxed_madd(zero, zero, zero))),
    threads: isValid(
      block(() => []),
      true,
    ),
    bulkMemory: isValid(memory.fill(i32.const(0), i32.const(0), i32.const(0))),
  };
}

function isValid(statement: Statement, shared = false): boolean {
  const module = new ModuleBuilder();
  module.memory({ minimum: 1, maximum: 1, shared });
  module.function("probe", { params: [], results: [] }, () => [statement]);
  try {
    return findWebAssembly()?.validate(module.bytes()) ?? false;
  } catch {
    return false;
  }
}
