import type { FrameKernels } from "../frame-kernels.ts";

/** What a module with `addFrameKernels` exports. */
export interface FrameExports {
  readonly exponential: (source: number, length: number, shift: number, scale: number, out: number) => void;
  readonly decay: (...args: number[]) => void;
  readonly split: (...args: number[]) => void;
  readonly rotate: (...args: number[]) => void;
  readonly mix: (...args: number[]) => void;
  readonly collect: (...args: number[]) => void;
}

/** Bytes of an even number of entries. */
function evenBytes(count: number): number {
  return 8 * (count + (count & 1));
}

/** `FrameKernels` in WebAssembly, for arrays in the memory of the module. */
export function wasmFrameKernels(exports: FrameExports): FrameKernels {
  return {
    exponential(source, from, count, shift, scale, out) {
      const start = 8 * from;
      exports.exponential(source.byteOffset + start, evenBytes(count), shift, scale, out.byteOffset + start);
    },

    decay(values, from, count, shift, rate, column, row) {
      const start = 8 * from;
      const [to, into] = [column.byteOffset + start, row.byteOffset + start];
      exports.decay(values.byteOffset + start, evenBytes(count), shift, rate, to, into);
    },

    split(fraction, count, alpha, beta, inverseNorm) {
      const bytes = evenBytes(count);
      exports.split(fraction.byteOffset, bytes, alpha.byteOffset, beta.byteOffset, inverseNorm.byteOffset);
    },

    rotate(values, from, count, origin, kappa, angle, cos, sin) {
      const start = 8 * from;
      exports.rotate(
        values.byteOffset + start,
        evenBytes(count),
        origin,
        kappa,
        angle.byteOffset + start,
        cos.byteOffset + start,
        sin.byteOffset + start,
      );
    },

    mix(alpha, beta, reference, sample, cos, sin, count, padded, out) {
      exports.mix(
        alpha.byteOffset,
        beta.byteOffset,
        reference.byteOffset,
        sample.byteOffset,
        cos.byteOffset,
        sin.byteOffset,
        evenBytes(count),
        8 * padded,
        out.byteOffset,
      );
    },

    collect(arrays, { scale, decay, kappa, origin }, count, padded, results) {
      exports.collect(
        arrays.vectors.byteOffset,
        arrays.sums.byteOffset,
        arrays.reference.byteOffset,
        arrays.sample.byteOffset,
        arrays.alpha.byteOffset,
        arrays.beta.byteOffset,
        arrays.inverseNorm.byteOffset,
        arrays.cos.byteOffset,
        arrays.sin.byteOffset,
        arrays.velocity.byteOffset,
        arrays.byReference.byteOffset,
        arrays.bySample.byteOffset,
        arrays.byVelocity.byteOffset,
        arrays.byFraction.byteOffset,
        8 * padded,
        evenBytes(count),
        results.byteOffset,
        scale,
        decay,
        kappa,
        origin,
      );
    },
  };
}
