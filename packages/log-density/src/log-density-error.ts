import { SiegertError } from "@siegert/errors";

/**
 * A log density could not be evaluated. Densities throw it themselves, `isRecoverable` for a point that cannot be (a
 * matrix that is not positive definite, a solver that did not converge): samplers then reject the point and count it.
 */
export class LogDensityError extends SiegertError {
  override readonly name: string = "LogDensityError";
  /** Whether going on from another point makes sense. */
  readonly isRecoverable: boolean;
  /** Where it happened (unconstrained), when known. */
  readonly position: readonly number[] | undefined;

  constructor(
    message: string,
    options: { readonly isRecoverable: boolean; readonly position?: ArrayLike<number>; readonly cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.isRecoverable = options.isRecoverable;
    this.position = options.position && Array.from(options.position);
  }
}
