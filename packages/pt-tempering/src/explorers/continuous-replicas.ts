import { InvalidArgumentError } from "@siegert/errors";
import {
  coordinateName,
  instantiateTarget,
  isNamed,
  type LogDensity,
  type PortableTarget,
  type ReplicaProblem,
  valueNames,
} from "@siegert/log-density";
import { type CoordinateKind, REAL } from "../references/coordinate-kind.ts";
import { FittedReference } from "../references/fitted-reference.ts";
import { checkFields } from "../references/known-fields.ts";
import { type MadeReference, makeReference, refuseDiscrete } from "../references/make-reference.ts";
import type { ReferenceChoice } from "../references/reference-choice.ts";
import { COUNTS, ContinuousGroup } from "./continuous-group.ts";
import { ContinuousModel } from "./continuous-model.ts";
import { type ExplorerChoice, slice } from "./explorer-choice.ts";
import { makeExplorer } from "./make-explorer.ts";

/** A target, what it is tempered towards, and how its states are moved. */
export interface ContinuousOptions {
  readonly target: LogDensity | PortableTarget;
  /** The end of the path at β = 0, on the target's unconstrained scale. */
  readonly reference: ReferenceChoice;
  /** With it the path has two legs, from each reference to the target. Default none. */
  readonly secondReference?: ReferenceChoice;
  /** Default `slice()`. */
  readonly explorer?: ExplorerChoice;
  /** Kinds of the coordinates. Default: those of the reference where it knows them, else all real. */
  readonly coordinates?: readonly CoordinateKind[];
  /** Positions at which replicas start, used in turn. Default: draws from the reference where the target is positive. */
  readonly starts?: readonly (readonly number[])[];
  /** Whether states are given as constrained parameters or unconstrained coordinates. Default: constrained when named. */
  readonly scale?: "constrained" | "unconstrained";
  /**
   * What NaN, +∞ and recoverable errors of the target are: a density of 0, counted in the tally "invalid", or, but for
   * the recoverable errors, the end of the run with an error that names the parameters. Default "reject".
   */
  readonly nonFinite?: "reject" | "error";
}

const OPTIONS = [
  "target",
  "reference",
  "secondReference",
  "explorer",
  "coordinates",
  "starts",
  "scale",
  "nonFinite",
] as const satisfies readonly (keyof ContinuousOptions)[];

/**
 * The tempered problem of a log density: the path of densities ∝ exp((1 − β) log reference + β log target), any
 * explorer, and one or two references. The statistic of a state is log target − log reference; log Z is the logarithm
 * of the target's integral when the reference is normalised, as all but a user's own are.
 *
 * Where a reference is 0, so is the path at every β, the target included: a uniform reference bounds the target by its
 * box.
 * @throws {InvalidArgumentError} for options that do not fit each other, before any work.
 */
export async function continuousReplicas(options: ContinuousOptions): Promise<ReplicaProblem> {
  checkNames(options);
  const target = await instantiateTarget(options.target);
  const { dim } = target;
  const first = await makeReference(options.reference, dim);
  const second = options.secondReference && (await makeReference(options.secondReference, dim, "secondReference"));
  const made = second ? [first, second] : [first];
  const kinds = kindsOf(options.coordinates, made, dim);
  made.forEach(({ reference }, leg) => {
    if (reference instanceof FittedReference) refuseDiscrete(kinds, leg === 0 ? "reference" : "secondReference");
  });
  const { scale = isNamed(target) ? "constrained" : "unconstrained" } = options;
  if (scale === "constrained" && !isNamed(target)) {
    throw new InvalidArgumentError("scale", 'be "unconstrained" for a target without named parameters', scale);
  }
  const model = new ContinuousModel(
    {
      target,
      references: made.map(({ reference }) => reference),
      kinds,
      explorer: await makeExplorer(options.explorer ?? slice()),
      starts: checkStarts(options.starts, dim),
      isStrict: options.nonFinite === "error",
      isConstrained: scale === "constrained",
    },
    COUNTS,
  );
  return {
    ...shapeOf(target, scale),
    legs: made.length,
    tallies: model.tallies,
    createGroup: (identity) => new ContinuousGroup(model, identity),
  };
}

function shapeOf(target: LogDensity, scale: "constrained" | "unconstrained"): { dim: number; names?: string[] } {
  if (!isNamed(target)) return { dim: target.dim };
  if (scale === "constrained") return { dim: target.constrainedDim, names: valueNames(target.parameters) };
  return { dim: target.dim, names: Array.from({ length: target.dim }, (_, i) => coordinateName(target, i)) };
}

/** @throws {InvalidArgumentError} for an unknown option, or a word that is none of its choices. */
function checkNames(options: ContinuousOptions): void {
  checkFields("options", options, OPTIONS);
  const { scale, nonFinite } = options;
  if (scale !== undefined && scale !== "constrained" && scale !== "unconstrained") {
    throw new InvalidArgumentError("scale", 'be "constrained" or "unconstrained"', scale);
  }
  if (nonFinite !== undefined && nonFinite !== "reject" && nonFinite !== "error") {
    throw new InvalidArgumentError("nonFinite", 'be "reject" or "error"', nonFinite);
  }
}

function checkStarts(
  starts: readonly (readonly number[])[] | undefined,
  dim: number,
): readonly (readonly number[])[] | undefined {
  if (starts === undefined) return undefined;
  if (starts.length === 0) throw new InvalidArgumentError("starts", "have at least one position", starts);
  starts.forEach((start, k) => {
    if (start.length !== dim || !Array.from(start).every((x) => Number.isFinite(x))) {
      throw new InvalidArgumentError(`starts[${k}]`, `have ${dim} finite numbers`, start);
    }
  });
  return starts.map((start) => Array.from(start));
}

/** The kinds given, or those that a reference knows. @throws {InvalidArgumentError} when they contradict. */
function kindsOf(
  given: readonly CoordinateKind[] | undefined,
  made: readonly MadeReference[],
  dim: number,
): readonly CoordinateKind[] {
  if (given) {
    checkKinds(given, dim);
    return given;
  }
  const known = made.flatMap(({ kinds }) => (kinds ? [kinds] : []));
  const kinds = known[0] ?? new Array<CoordinateKind>(dim).fill(REAL);
  for (const other of known) {
    const at = other.findIndex(({ kind }, i) => kind !== kinds[i]!.kind);
    if (at < 0) continue;
    throw new InvalidArgumentError("secondReference", `have a ${kinds[at]!.kind} coordinate ${at}`, other[at]!.kind);
  }
  return kinds;
}

function checkKinds(kinds: readonly CoordinateKind[], dim: number): void {
  if (kinds.length !== dim) throw new InvalidArgumentError("coordinates", `have ${dim} entries`, kinds);
  kinds.forEach((kind, i) => {
    const at = `coordinates[${i}]`;
    if (kind?.kind === "real" || kind?.kind === "boolean") return;
    if (kind?.kind !== "integer") {
      throw new InvalidArgumentError(`${at}.kind`, "be real, integer or boolean", (kind as CoordinateKind)?.kind);
    }
    if (!(kind.lower <= kind.upper)) {
      throw new InvalidArgumentError(`${at}.upper`, `be at least the lower bound ${kind.lower}`, kind.upper);
    }
  });
}
