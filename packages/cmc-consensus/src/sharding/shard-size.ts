import { InvalidArgumentError } from "@siegert/errors";

/** Points per shard by points in all. */
export interface ShardSizeProfile {
  /** The first step whose `below` is above the number of points holds; the last is for all larger data. */
  readonly steps: readonly { readonly below: number; readonly size: number }[];
  /** No shard is planned smaller. */
  readonly floor: number;
}

/**
 * Published sizes of shards: `light` for posteriors with few parameters and short trajectories, `heavy` for many
 * parameters and long ones. The step of `light` from 15 000 to 20 000 is published without its place; it is put where
 * `heavy` has one.
 */
export const SHARD_SIZE_PROFILES: Readonly<Record<"light" | "heavy", ShardSizeProfile>> = {
  light: {
    steps: [
      { below: 50e6, size: 10_000 },
      { below: 100e6, size: 15_000 },
      { below: Infinity, size: 20_000 },
    ],
    floor: 5000,
  },
  heavy: {
    steps: [
      { below: 2e6, size: 8000 },
      { below: 100e6, size: 5000 },
      { below: 1e9, size: 8000 },
      { below: Infinity, size: 10_000 },
    ],
    floor: 3000,
  },
};

/** Fewer groups put more of the same into a shard, which then may be smaller: up to 3, 5 and 10 groups. */
const GROUP_FACTORS = [
  { most: 3, factor: 0.6 },
  { most: 5, factor: 0.7 },
  { most: 10, factor: 0.85 },
] as const;

/** What the size of shards is chosen from. */
export interface AutoShardSizeOptions {
  /** Data points in all. */
  readonly points: number;
  /** Groups (such as scattering angles) that the points fall into; undefined when they have none. */
  readonly groups?: number | undefined;
  /** Default "light". */
  readonly profile?: "light" | "heavy" | ShardSizeProfile;
}

/**
 * Points per shard: the table's size, times 0.6, 0.7 or 0.85 for up to 3, 5 or 10 groups, but not below the floor.
 * @throws {InvalidArgumentError} for counts that are not positive integers, or a profile that is none.
 */
export function autoShardSize({ points, groups, profile = "light" }: AutoShardSizeOptions): number {
  requireCount("points", points);
  if (groups !== undefined) requireCount("groups", groups);
  const { steps, floor } = shardSizeProfile(profile, "profile");
  const { size } = steps.find(({ below }) => points < below) ?? steps.at(-1)!;
  const { factor } = GROUP_FACTORS.find(({ most }) => groups !== undefined && groups <= most) ?? { factor: 1 };
  return Math.max(floor, Math.round(size * factor));
}

/** The table of a name, or the table itself once it is checked. @throws {InvalidArgumentError} */
export function shardSizeProfile(profile: "light" | "heavy" | ShardSizeProfile, argument: string): ShardSizeProfile {
  if (typeof profile === "string") {
    if (Object.hasOwn(SHARD_SIZE_PROFILES, profile)) return SHARD_SIZE_PROFILES[profile];
    throw new InvalidArgumentError(argument, "be light, heavy, or a table { steps, floor }", profile);
  }
  const { steps, floor } = profile ?? {};
  const isGood =
    Array.isArray(steps) &&
    steps.length > 0 &&
    steps.every(({ below, size }, k) => isCount(size) && below > (k > 0 ? steps[k - 1].below : 0)) &&
    isCount(floor);
  if (isGood) return profile;
  const requirement = "be light, heavy, or a table { steps, floor } with ascending steps and positive integer sizes";
  throw new InvalidArgumentError(argument, requirement, profile);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function requireCount(argument: string, value: number): void {
  if (!isCount(value)) throw new InvalidArgumentError(argument, "be a positive integer", value);
}
