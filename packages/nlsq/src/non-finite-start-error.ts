import { InvalidArgumentError } from "@siegert/errors";

/** The residuals or their derivatives are not finite at the start of a fit; `argument` names the first such entry. */
export class NonFiniteStartError extends InvalidArgumentError {
  override readonly name: string = "NonFiniteStartError";
}
