import type { BatchLogDensity } from "@siegert/log-density";
import type { Chain } from "../chain/chain.ts";
import { batchBuffers, type Evaluation } from "./evaluation.ts";
import { Pacer, type StopSignal } from "./event-loop.ts";
import type { ChainObserver, ObserverWishes } from "./observers.ts";
import { Reporter } from "./reporter.ts";

/** How chains of this thread are run. */
export interface LocalRun {
  readonly evaluation: Evaluation;
  readonly observer: ChainObserver;
  readonly wishes: ObserverWishes;
  readonly signal: StopSignal | undefined;
}

/** One chain to its end, or until the signal aborts. */
export async function runChain(chain: Chain, { evaluation, observer, wishes, signal }: LocalRun): Promise<void> {
  const pacer = new Pacer();
  const reporter = new Reporter(chain, observer, wishes);
  while (!chain.isDone && !signal?.aborted) {
    chain.begin();
    let isOver = false;
    while (!isOver && !signal?.aborted) {
      isOver = chain.advance(evaluation.one(chain));
      if (pacer.isDue()) {
        await reporter.report(false);
        await pacer.turn();
      }
    }
    if (reporter.isFull) await reporter.report(false);
  }
  await reporter.report(true);
}

/**
 * Many chains with one batch of evaluations at a time. Each chain goes on to its next iteration as soon as it has
 * finished one, so that none waits for the longest trajectory; a batch holds the chains that are not done.
 */
export async function runVectorized(
  chains: readonly Chain[],
  batch: BatchLogDensity,
  { evaluation, observer, wishes, signal }: LocalRun,
): Promise<void> {
  const pacer = new Pacer();
  const reporters = new Map(chains.map((chain) => [chain, new Reporter(chain, observer, wishes)]));
  let active = chains.filter((chain) => !chain.isDone);
  const buffers = batchBuffers(chains.length, batch.dim);
  for (const chain of active) chain.begin();
  while (active.length > 0 && !signal?.aborted) {
    evaluation.many(active, batch, buffers);
    let hasFinished = false;
    for (let k = 0; k < active.length; k++) {
      const chain = active[k]!;
      if (!chain.advance(buffers.values[k]!)) continue;
      const reporter = reporters.get(chain)!;
      if (reporter.isFull) await reporter.report(false);
      if (chain.isDone) hasFinished = true;
      else chain.begin();
    }
    if (hasFinished) active = active.filter((chain) => !chain.isDone);
    if (pacer.isDue()) {
      for (const chain of active) await reporters.get(chain)!.report(false);
      await pacer.turn();
    }
  }
  for (const chain of chains) await reporters.get(chain)!.report(true);
}
