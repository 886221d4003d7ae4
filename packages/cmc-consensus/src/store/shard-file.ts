import { DamagedBytesError, decodeContainer, encodeContainer } from "../bytes/container.ts";
import type { SampledOutcome } from "../task/shard-outcome.ts";
import type { RunStore } from "./run-store.ts";

/** A finished shard as it is saved. */
export interface SavedShard {
  /** `taskIdentity` of the task that it is the outcome of. */
  readonly identity: string;
  /** SHA-256 of the shard's list of points. */
  readonly listHash: string;
  readonly seed: number;
  readonly outcome: SampledOutcome;
}

const KIND = "saved shard";

/** Name of a shard in the store. */
export function shardName(shard: number): string {
  return `shard-${String(shard).padStart(6, "0")}.bin`;
}

/** The saved form, with a SHA-256 over all of it. */
export function encodeShard(saved: SavedShard): Uint8Array {
  return encodeContainer(KIND, saved);
}

/** What is found of a shard. */
export type FoundShard =
  | { readonly state: "missing" }
  | { readonly state: "damaged"; readonly message: string }
  | { readonly state: "saved"; readonly saved: SavedShard };

/** Reads a shard; damage is told, not thrown. */
export async function readShard(store: RunStore, shard: number): Promise<FoundShard> {
  const bytes = await store.read(shardName(shard));
  if (!bytes) return { state: "missing" };
  try {
    const saved = decodeContainer(KIND, bytes) as SavedShard;
    if (saved.outcome.shard === shard) return { state: "saved", saved };
    return { state: "damaged", message: `${shardName(shard)} holds shard ${saved.outcome.shard}.` };
  } catch (error) {
    if (!(error instanceof DamagedBytesError)) throw error;
    return { state: "damaged", message: `${shardName(shard)}: ${error.message}` };
  }
}
