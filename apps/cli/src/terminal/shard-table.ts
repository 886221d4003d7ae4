import type { ShardEvent } from "@siegert/xpcs";
import { duration } from "./quantities.ts";
import type { Streams } from "./streams.ts";
import { table } from "./table.ts";

/** Redraws at most this often. */
const INTERVAL_MS = 150;
/** Shards that are shown one by one, the running ones first. */
const MOST_ROWS = 12;

const COLUMNS = [
  { heading: "shard", isNumber: true },
  { heading: "points", isNumber: true },
  { heading: "state" },
  { heading: "R-hat", isNumber: true },
  { heading: "ESS", isNumber: true },
  { heading: "divergences", isNumber: true },
  { heading: "left", isNumber: true },
];

/**
 * The shards of a run: on a terminal a table that is rewritten as they go on, elsewhere a line for each that ends. All on
 * stderr.
 */
export class ShardTable {
  readonly #streams: Streams;
  readonly #before: () => void;
  readonly #latest = new Map<number, ShardEvent>();
  /** Shards that are over, in the order of their ends. */
  readonly #ended: number[] = [];
  #lines = 0;
  #drawn = -Infinity;

  /** @param before called before the first row is drawn, to remove what else is on the line. */
  constructor(streams: Streams, before: () => void) {
    this.#streams = streams;
    this.#before = before;
  }

  /** Takes in the news of one shard. */
  show(event: ShardEvent): void {
    const isOver = event.state !== "queued" && event.state !== "running";
    if (isOver && !this.#ended.includes(event.shard)) this.#ended.push(event.shard);
    this.#latest.set(event.shard, event);
    if (this.#streams.err.isTTY !== true) {
      if (isOver || event.message !== "") this.#streams.err.write(`${lineOf(event)}\n`);
      return;
    }
    const now = performance.now();
    if (now - this.#drawn < INTERVAL_MS && event.finished < event.shards) return;
    this.#drawn = now;
    this.#redraw(event);
  }

  /** Removes the table. */
  clear(): void {
    if (this.#lines > 0) this.#streams.err.write(`\r\x1b[${this.#lines}A\x1b[J`);
    this.#lines = 0;
  }

  #redraw({ finished, shards, runSecondsLeft }: ShardEvent): void {
    if (this.#lines === 0) this.#before();
    this.clear();
    const width = (this.#streams.err.columns ?? 80) - 1;
    const left = Number.isFinite(runSecondsLeft) ? `, about ${duration(runSecondsLeft)} left` : "";
    const text = [`${finished} of ${shards} shards${left}`, table(COLUMNS, this.#chosen().map(cells))].join("\n");
    const lines = text.split("\n").map((one) => one.slice(0, width));
    this.#streams.err.write(`${lines.join("\n")}\n`);
    this.#lines = lines.length;
  }

  /** The running ones, then those that ended last; those that went wrong stay in sight. */
  #chosen(): ShardEvent[] {
    const all = [...this.#latest.values()];
    const running = all.filter(({ state }) => state === "running").sort((a, b) => a.shard - b.shard);
    const ended = this.#ended.map((shard) => this.#latest.get(shard)!).reverse();
    const bad = ended.filter(({ state, message }) => (state !== "done" && state !== "reused" ? true : message !== ""));
    const rest = ended.filter((event) => !bad.includes(event));
    return [...running, ...bad, ...rest].slice(0, MOST_ROWS);
  }
}

function cells({ shard, points, state, fraction, rhat, ess, divergences, secondsLeft }: ShardEvent): string[] {
  const isRunning = state === "running";
  return [
    String(shard),
    String(points),
    isRunning ? `running ${Math.floor(100 * fraction)} %` : state,
    rhat === undefined || !Number.isFinite(rhat) ? "" : rhat.toFixed(3),
    ess === undefined ? "" : ess.toFixed(0),
    state === "queued" ? "" : String(divergences),
    isRunning && Number.isFinite(secondsLeft) ? duration(secondsLeft) : "",
  ];
}

function lineOf(event: ShardEvent): string {
  const { shard, shards, state, rhat, ess, divergences, finished, runSecondsLeft, message } = event;
  const numbers =
    rhat === undefined ? "" : `  R-hat ${rhat.toFixed(3)}  ESS ${ess?.toFixed(0)}  ${divergences} divergences`;
  const left = finished < shards && Number.isFinite(runSecondsLeft) ? `  about ${duration(runSecondsLeft)} left` : "";
  return `shard ${shard} ${state}  (${finished} of ${shards})${numbers}${left}${message === "" ? "" : `  ${message}`}`;
}
