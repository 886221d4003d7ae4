import type { Ladder } from "../ladder/ladder.ts";
import { must } from "../must.ts";
import { keptScans } from "../round/segment.ts";
import type { RunSettings } from "./tempering-state.ts";

/** Most doubles of kept draws (8 GB), and most entries of an index trace (2 GB). */
const MOST_ENTRIES = 2 ** 30;

/**
 * Refuses to keep more of the last round than memory holds.
 * @throws {InvalidArgumentError}
 */
export function checkRoom(settings: RunSettings, { size, targets }: Ladder, dim: number): void {
  const { rounds, copies, draws, isTracing } = settings;
  const trace = 2 ** rounds * copies * size;
  const fewer = `be left out where 2^${rounds} scans of ${copies * size} replicas are ${trace} entries`;
  must(!isTracing || trace <= MOST_ENTRIES, "options.trace", fewer, isTracing);
  if (!draws?.isKeeping) return;
  const chains = draws.chains === "target" ? targets.length : draws.chains === "all" ? size : draws.chains.length;
  const numbers = keptScans(2 ** rounds, draws.thinning) * copies * chains * dim;
  const thinner = `be larger: ${numbers} numbers would be kept, of at most ${MOST_ENTRIES}; or keep none, with a sink`;
  must(numbers <= MOST_ENTRIES, "options.draws.thinning", thinner, draws.thinning);
}
