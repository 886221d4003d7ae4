import type { JacobianKernels } from "../jacobian-rows.ts";

/** What a module with `addJacobianKernels` exports. */
export interface JacobianExports {
  readonly jacobianRow: (...args: number[]) => void;
  readonly project: (...args: number[]) => void;
}

/** `JacobianKernels` in WebAssembly, for arrays in the memory of the module. */
export function wasmJacobianKernels(exports: JacobianExports): JacobianKernels {
  return {
    write(
      { values, padded },
      { basis, row, column, start, end, contrast, kappa, kappaByPhi0, factors, out, stride, at },
    ) {
      exports.jacobianRow(
        basis.value.byteOffset + 8 * start,
        basis.partBytes,
        values.byteOffset + 8 * (column + start),
        values.byteOffset + 8 * row,
        8 * padded,
        8 * (end - start),
        factors.byteOffset + 8 * start,
        out.byteOffset + 8 * (at + start),
        8 * stride,
        contrast,
        contrast * kappa,
        contrast * kappaByPhi0,
      );
    },

    project(a, rows, stride, start, end, v, out) {
      const first = start & ~1;
      const from = 8 * first;
      exports.project(
        a.byteOffset + from,
        8 * rows,
        8 * stride,
        8 * (end - first),
        v.byteOffset + from,
        out.byteOffset,
      );
    },
  };
}
