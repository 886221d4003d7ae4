import { textOf, utf8 } from "../bytes/host.ts";
import { sha256Hex } from "../bytes/sha256.ts";
import type { ShardedModel } from "../sharded-model.ts";
import type { ShardPlan } from "../sharding/shard-plan.ts";
import type { WarmStartInput } from "../task/make-task.ts";
import type { RunStore } from "./run-store.ts";
import { type RunDifference, RunStoreError } from "./run-store-error.ts";

export const MANIFEST = "manifest.json";

/**
 * Raised whenever the same task would give other draws than before, here or in the packages that it is sampled with:
 * draws of both must not be mixed in one run. A test holds the draws that belong to it.
 */
export const CODE_VERSION = "1";

/** What a saved run says of itself. */
export interface Manifest {
  readonly format: 1;
  /** `CODE_VERSION` of the program that began it. */
  readonly code: string;
  /** All that decides the draws; a run is gone on with only when nothing of it differs. */
  readonly identity: Readonly<Record<string, unknown>>;
  /** The whole configuration, for the record. */
  readonly config: unknown;
}

/** The manifest of a run. Lists that a seed defines are recorded as what defines them, lists given by their hash. */
export function manifestOf(model: ShardedModel, plan: ShardPlan, warmStart: WarmStartInput | undefined): Manifest {
  const { sharding, perShardMcmc, validation, ...top } = plan.config;
  const { chainMethod: _, ...sampling } = perShardMcmc;
  const { lists, ...division } = sharding;
  const { samplingPlan } = plan;
  const identity = {
    config: {
      seed: top.seed,
      priorTempering: top.priorTempering,
      perShardMcmc: sampling,
      maxDivergenceRate: validation.maxDivergenceRate,
      sharding: { strategy: division.strategy, seedBase: division.seedBase },
    },
    points: plan.points,
    groups: model.groupSizes ? hashOf(model.groupSizes) : "none",
    coordinates: plan.coordinates,
    shards: plan.shards,
    lists: lists ? sha256Hex(...lists.map((list) => bytesOf(Uint32Array.from(list)))) : "by seed",
    plan: { warmup: samplingPlan.nWarmup, draws: samplingPlan.nSamples, chains: samplingPlan.nChains },
    thinning: plan.thinning,
    warmStart: warmStart ? hashOf(warmStart) : "none",
    fingerprint: model.fingerprint ?? "none",
  };
  const config = { ...plan.config, sharding: division };
  return JSON.parse(JSON.stringify({ format: 1, code: CODE_VERSION, identity, config })) as Manifest;
}

/**
 * Compares the manifest with the saved one, and saves it when there is none. Gives whether there was one.
 * @throws {RunStoreError} "changed" naming all differences, "not-empty" when a run must not be gone on with, "damaged"
 *   when the saved one cannot be read.
 */
export async function agreeOnManifest(store: RunStore, manifest: Manifest, isResuming: boolean): Promise<boolean> {
  const bytes = await store.read(MANIFEST);
  if (!bytes) {
    await store.write(MANIFEST, utf8(`${JSON.stringify(manifest, null, 2)}\n`));
    return false;
  }
  if (!isResuming) {
    const text = "holds a run already, and config.checkpoints.resume is false; give another, or remove that run";
    throw new RunStoreError(store.name, "not-empty", text);
  }
  const saved = readManifest(store.name, bytes);
  const differences = differencesOf(
    { code: saved.code, ...saved.identity },
    { code: manifest.code, ...manifest.identity },
  );
  if (differences.length === 0) return true;
  const named = differences.map(({ what, saved: was, asked }) => `${what} was ${short(was)}, now ${short(asked)}`);
  const text = `holds a run that was begun differently: ${named.join("; ")}. Go on with what it was begun with, or start in another place`;
  throw new RunStoreError(store.name, "changed", text, { differences });
}

function readManifest(store: string, bytes: Uint8Array): Manifest {
  let saved: Partial<Manifest> | undefined;
  try {
    saved = JSON.parse(textOf(bytes)) as Manifest;
  } catch {
    // Refused below.
  }
  if (saved?.format === 1 && typeof saved.identity === "object" && saved.identity !== null) return saved as Manifest;
  throw new RunStoreError(store, "damaged", `${MANIFEST} is not what a run wrote; start in another place`);
}

/** Values at equal paths that are not the same, by path. */
function differencesOf(saved: unknown, asked: unknown, path = ""): RunDifference[] {
  if (isBranch(saved) && isBranch(asked)) {
    const keys = new Set([...Object.keys(saved), ...Object.keys(asked)]);
    return [...keys].flatMap((key) => differencesOf(saved[key], asked[key], path === "" ? key : `${path}.${key}`));
  }
  return JSON.stringify(saved) === JSON.stringify(asked) ? [] : [{ what: path, saved, asked }];
}

function isBranch(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? "absent";
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}

function hashOf(value: unknown): string {
  const plain = (_: string, one: unknown) => (ArrayBuffer.isView(one) ? Array.from(one as Float64Array) : one);
  return sha256Hex(utf8(JSON.stringify(value, plain)));
}

function bytesOf(array: Uint32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
