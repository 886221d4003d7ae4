/** Global search: many starts from a Latin hypercube, screened by their cost, the best refined by local fits. */
import { InvalidArgumentError } from "@siegert/errors";
import { nextTurn, nowMs } from "./event-loop.ts";
import { leastSquares, leastSquaresAsync, TURN_MS } from "./least-squares.ts";
import { type Loss, robustCost } from "./loss.ts";
import { type MultistartEvent, type MultistartOptions, type Plan, planOf } from "./multistart-plan.ts";
import { NonFiniteStartError } from "./non-finite-start-error.ts";
import { hasNormalEquations, type LeastSquaresProblem } from "./problem.ts";
import type { LeastSquaresResult } from "./result.ts";

/** A local optimum and how many starts led to it. */
export interface LocalOptimum {
  readonly result: LeastSquaresResult;
  readonly cost: number;
  readonly hits: number;
}

/** The best of several fits, and what became of each start. */
export interface MultistartResult {
  /** The fit of lowest cost. */
  readonly best: LeastSquaresResult;
  /** Distinct fits by ascending cost; fits that did not converge are among them and say so in their `result`. */
  readonly optima: readonly LocalOptimum[];
  readonly status: "completed" | "aborted";
  /** Starts whose cost was evaluated, and how many of those were finite. */
  readonly screened: number;
  readonly finite: number;
  /** Local fits that were run. */
  readonly refined: number;
}

/**
 * A start to refine, which the driver answers with the fit, or with nothing where the start has no finite derivatives;
 * `undefined` gives the driver a chance to yield.
 */
type Search = Generator<Float64Array | undefined, MultistartResult, LeastSquaresResult | undefined>;

/**
 * Searches a bounded region for the best least-squares fit and lists the local optima met.
 *
 * @throws {InvalidArgumentError} for a region that is not finite, counts that are not positive integers, a region in
 * which no start has a finite cost, and all that `leastSquares` refuses.
 */
export function multistart(problem: LeastSquaresProblem, options: MultistartOptions): MultistartResult {
  const plan = planOf(options);
  const search = searchFor(problem, plan, options);
  let turn = search.next(undefined);
  while (!turn.done) turn = search.next(turn.value && fitOrSkip(problem, turn.value, plan));
  return turn.value;
}

/** As {@link multistart}, to the same bits, with a turn of the event loop about every 50 ms. */
export async function multistartAsync(
  problem: LeastSquaresProblem,
  options: MultistartOptions,
): Promise<MultistartResult> {
  const plan = planOf(options);
  const search = searchFor(problem, plan, options);
  let since = nowMs();
  let turn = search.next(undefined);
  while (!turn.done) {
    const start = turn.value;
    const pending = start && leastSquaresAsync(problem, start, plan.fit);
    const fit = await pending?.catch((error: unknown) => skipped(error, start, plan));
    if (nowMs() - since >= TURN_MS) {
      await nextTurn();
      since = nowMs();
    }
    turn = search.next(fit);
  }
  return turn.value;
}

function fitOrSkip(problem: LeastSquaresProblem, start: Float64Array, plan: Plan): LeastSquaresResult | undefined {
  try {
    return leastSquares(problem, start, plan.fit);
  } catch (error) {
    return skipped(error, start, plan);
  }
}

/** A drawn start may turn out to have derivatives that are not finite; one that the caller gave must not. */
function skipped(error: unknown, start: Float64Array | undefined, plan: Plan): undefined {
  if (error instanceof NonFiniteStartError && start && !plan.included.includes(start)) return undefined;
  throw error;
}

function* searchFor(problem: LeastSquaresProblem, plan: Plan, options: MultistartOptions): Search {
  const costOf = costFunction(problem, plan.loss);
  const ranked: { readonly x: Float64Array; readonly cost: number }[] = [];
  let screened = 0;
  let bestCost = Infinity;
  const report = (stage: MultistartEvent["stage"], done: number, total: number): void =>
    options.onProgress?.({ stage, done, total, bestCost });
  for (const x of plan.points) {
    if (options.signal?.aborted && ranked.length > 0) break;
    const cost = costOf(x);
    screened++;
    if (Number.isFinite(cost)) ranked.push({ x, cost });
    bestCost = Math.min(bestCost, Number.isFinite(cost) ? cost : Infinity);
    report("screen", screened, plan.points.length);
    yield undefined;
  }
  const finite = ranked.length;
  if (plan.screen) ranked.sort((a, b) => a.cost - b.cost);
  const chosen = plan.screen ? ranked.slice(0, plan.refine) : ranked;
  const starts = [...plan.included, ...chosen.map(({ x }) => x)];
  const fits: LeastSquaresResult[] = [];
  for (const start of starts) {
    // The first fit is run even after an abort: it ends at once and gives the best start the form of a result.
    if (options.signal?.aborted && fits.length > 0) break;
    const fit = yield start;
    if (fit) fits.push(fit);
    bestCost = Math.min(bestCost, fit?.cost ?? Infinity);
    report("refine", fits.length, starts.length);
  }
  if (fits.length === 0) {
    const requirement = "contain points at which the residuals and their derivatives are finite";
    throw new InvalidArgumentError(options.region ? "region" : "bounds", requirement, options.region ?? options.bounds);
  }
  const optima = distinctOptima(fits, plan);
  const status = options.signal?.aborted ? "aborted" : "completed";
  return { best: optima[0]!.result, optima, status, screened, finite, refined: fits.length };
}

function distinctOptima(fits: readonly LeastSquaresResult[], plan: Plan): LocalOptimum[] {
  const optima: LocalOptimum[] = [];
  for (const result of fits.toSorted((a, b) => a.cost - b.cost)) {
    const same = optima.findIndex((optimum) => plan.space.distance(optimum.result.x, result.x) <= plan.distinct);
    if (same >= 0) optima[same] = { ...optima[same]!, hits: optima[same]!.hits + 1 };
    else optima.push({ result, cost: result.cost, hits: 1 });
  }
  return optima;
}

function costFunction(problem: LeastSquaresProblem, loss: Loss): (x: Float64Array) => number {
  if (hasNormalEquations(problem)) return (x) => problem.cost(x.slice(), loss);
  const residuals = new Float64Array(problem.residualCount);
  return (x) => {
    problem.residuals(x.slice(), residuals);
    return robustCost(loss, residuals);
  };
}
