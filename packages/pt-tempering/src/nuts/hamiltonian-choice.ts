import { InvalidArgumentError } from "@siegert/errors";
import type { PortableExplorer } from "../explorers/explorer.ts";
import { nutsAddress } from "../nuts-address.ts";
import { checkFields } from "../references/known-fields.ts";
import { type HamiltonianSettings, makeHamiltonian } from "./hamiltonian-kernel.ts";

/** Settings of the no-U-turn explorer. */
export interface NutsSettings {
  /** Transitions in one exploration step. Default 1. */
  readonly steps?: number;
  /** Acceptance that the step size of every rung is tuned to, in (0, 1). Default 0.8. */
  readonly targetAccept?: number;
  /** Most doublings of a trajectory. Default 8. */
  readonly maxTreeDepth?: number;
  /** What the metric of a rung is learned as. Default "diagonal". */
  readonly metric?: "diagonal" | "dense";
}

/** Settings of Hamiltonian Monte Carlo. */
export interface HmcSettings {
  /** Transitions in one exploration step. Default 1. */
  readonly steps?: number;
  /** Acceptance that the step size of every rung is tuned to, in (0, 1). Default 0.75. */
  readonly targetAccept?: number;
  /** Mean number of leapfrog steps of a trajectory. Default 10. */
  readonly leapfrogs?: number;
  /** Lengths are uniform between (1 − jitter) and (1 + jitter) times that; in [0, 1). Default 0.5. */
  readonly jitter?: number;
  /** What the metric of a rung is learned as. Default "diagonal". */
  readonly metric?: "diagonal" | "dense";
}

/**
 * Transitions of the no-U-turn sampler of @siegert/nuts, with a step size and a metric for each rung that are tuned
 * between rounds.
 * @throws {InvalidArgumentError} for settings out of range.
 */
export function nuts(settings: NutsSettings = {}): PortableExplorer {
  checkFields("explorer", settings, ["steps", "targetAccept", "maxTreeDepth", "metric"]);
  const { steps = 1, targetAccept = 0.8, maxTreeDepth = 8, metric = "diagonal" } = settings;
  mustBeCount("explorer.maxTreeDepth", maxTreeDepth, 24);
  return explorer({ kernel: { kind: "nuts" }, steps, targetAccept, maxTreeDepth, metric });
}

/**
 * Hamiltonian Monte Carlo with trajectories of jittered length, with a step size and a metric for each rung that are
 * tuned between rounds.
 * @throws {InvalidArgumentError} for settings out of range.
 */
export function hmc(settings: HmcSettings = {}): PortableExplorer {
  checkFields("explorer", settings, ["steps", "targetAccept", "leapfrogs", "jitter", "metric"]);
  const { steps = 1, targetAccept = 0.75, leapfrogs = 10, jitter = 0.5, metric = "diagonal" } = settings;
  mustBeCount("explorer.leapfrogs", leapfrogs);
  if (!(jitter >= 0 && jitter < 1)) throw new InvalidArgumentError("explorer.jitter", "lie in [0, 1)", jitter);
  return explorer({ kernel: { kind: "static-hmc", leapfrogs, jitter }, steps, targetAccept, maxTreeDepth: 1, metric });
}

function explorer(settings: HamiltonianSettings): PortableExplorer {
  const { steps, targetAccept, metric } = settings;
  mustBeCount("explorer.steps", steps);
  if (!(targetAccept > 0 && targetAccept < 1)) {
    throw new InvalidArgumentError("explorer.targetAccept", "lie in (0, 1)", targetAccept);
  }
  if (metric !== "diagonal" && metric !== "dense") {
    throw new InvalidArgumentError("explorer.metric", 'be "diagonal" or "dense"', metric);
  }
  return {
    ...makeHamiltonian(settings),
    portable: { kind: "module", module: nutsAddress(), export: "makeHamiltonian", argument: settings },
  };
}

function mustBeCount(argument: string, value: number, most = Number.MAX_SAFE_INTEGER): void {
  if (!(Number.isSafeInteger(value) && value > 0 && value <= most)) {
    throw new InvalidArgumentError(argument, `be an integer from 1 to ${most}`, value);
  }
}
