import type { Model } from "@siegert/physics-core";

/** First frame whose pairs count: with two components a frame at t = 0 carries no information. */
export function firstFrame({ kind }: Model, times: ArrayLike<number>): number {
  return kind === "heterodyne" && times[0] === 0 ? 1 : 0;
}
