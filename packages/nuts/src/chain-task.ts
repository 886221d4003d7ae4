/** The function that runs one chain on a worker of a pool. */
import { instantiateTarget, type LogDensity, type PortableTarget } from "@siegert/log-density";
import { Chain } from "./chain/chain.ts";
import type { ChainState } from "./chain/chain-state.ts";
import { Evaluation, namesOf } from "./run/evaluation.ts";
import { runChain } from "./run/local-chains.ts";
import type { DrawBlock, ObserverWishes, ProgressEvent } from "./run/observers.ts";

/** What a worker needs to know; plain data. */
export interface ChainTaskArgument {
  /** Names the run: the target is made once per worker and run, however many chains the worker gets. */
  readonly key: string;
  readonly target: PortableTarget;
  readonly state: ChainState;
  readonly wishes: ObserverWishes;
}

/** What it says meanwhile. */
export type ChainTaskMessage =
  | { readonly kind: "progress"; readonly event: ProgressEvent }
  | { readonly kind: "draws"; readonly block: DrawBlock }
  | { readonly kind: "checkpoint"; readonly state: ChainState };

/** What it gives in the end. */
export interface ChainTaskResult {
  readonly state: ChainState;
  readonly rejections: number;
}

/** The part of a worker's context that is used here. */
export interface ChainTaskContext {
  report(message: unknown): void;
  heartbeat?(): void;
  readonly signal: { readonly aborted: boolean };
}

let known: { readonly key: string; readonly target: Promise<LogDensity> } | undefined;

/** Runs the chain of a state to its end, or until the signal aborts. */
export async function run(
  { key, target: portable, state, wishes }: ChainTaskArgument,
  context: ChainTaskContext,
): Promise<ChainTaskResult> {
  if (known?.key !== key) known = { key, target: instantiateTarget(portable) };
  const target = await known.target;
  const chain = Chain.fromState(state, namesOf(target));
  const evaluation = new Evaluation(target);
  const tell = (message: ChainTaskMessage) => context.report(message);
  await runChain(chain, {
    evaluation,
    wishes,
    signal: context.signal,
    observer: {
      progress: (event) => tell({ kind: "progress", event }),
      draws: (block) => tell({ kind: "draws", block }),
      checkpoint: (checkpoint) => tell({ kind: "checkpoint", state: checkpoint }),
    },
  });
  return { state: chain.state(), rejections: evaluation.rejections };
}
