import { Writable } from "node:stream";
import type { ShardEvent } from "@siegert/xpcs";
import { expect, test } from "vitest";
import { ShardTable } from "../src/terminal/shard-table.ts";

/** "Up n lines" and "clear below", as terminals read them. */
const UP = "\r\x1b[";
const CLEAR = "A\x1b[J";

/** A terminal that keeps what is on its screen: what follows "up n lines, clear below" replaces those lines. */
class Screen extends Writable {
  readonly isTTY = true;
  readonly columns = 100;
  lines: string[] = [];

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    let text = chunk.toString();
    const end = text.indexOf(CLEAR);
    if (text.startsWith(UP) && end > 0) {
      this.lines.length -= Number(text.slice(UP.length, end));
      text = text.slice(end + CLEAR.length);
    }
    if (text !== "") this.lines.push(...text.replace(/\n$/, "").split("\n"));
    done();
  }
}

const event = (shard: number, change: Partial<ShardEvent>): ShardEvent => ({
  shard,
  points: 4593,
  state: "running",
  fraction: 0,
  divergences: 0,
  rhat: undefined,
  ess: undefined,
  secondsLeft: Infinity,
  message: "",
  finished: 0,
  shards: 30,
  runSecondsLeft: Infinity,
  ...change,
});

test("on a terminal a table is rewritten in place: running shards first, then bad ones, then the last to end", async () => {
  const screen = new Screen();
  let cleared = 0;
  const table = new ShardTable({ out: screen, err: screen }, () => cleared++);
  const wait = () => new Promise((resolve) => setTimeout(resolve, 160));
  table.show(event(0, { state: "queued" }));
  for (let shard = 0; shard < 20; shard++) {
    const isBad = shard === 3;
    const state = isBad ? "filtered" : "done";
    table.show(
      event(shard, {
        state,
        fraction: 1,
        rhat: 1.0042,
        ess: 812.4,
        divergences: isBad ? 90 : 1,
        finished: shard + 1,
        runSecondsLeft: 95,
      }),
    );
  }
  await wait();
  table.show(event(20, { fraction: 0.374, divergences: 7, secondsLeft: 12.2, finished: 20, runSecondsLeft: 95 }));
  expect(screen.lines[0]).toBe("20 of 30 shards, about 95 s left");
  expect(screen.lines[1]!.trim().split(/ {2,}/)).toEqual([
    "shard",
    "points",
    "state",
    "R-hat",
    "ESS",
    "divergences",
    "left",
  ]);
  const rows = screen.lines.slice(3).map((text) => text.trim().split(/ {2,}/));
  expect(rows[0]).toEqual(["20", "4593", "running 37 %", "7", "12 s"]);
  expect(rows[1]).toEqual(["3", "4593", "filtered", "1.004", "812", "90"]);
  expect(rows[2]).toEqual(["19", "4593", "done", "1.004", "812", "1"]);
  expect(rows).toHaveLength(12);
  await wait();
  table.show(event(20, { fraction: 0.5, finished: 20, runSecondsLeft: 80 }));
  expect(screen.lines).toHaveLength(15);
  expect(screen.lines[3]).toContain("running 50 %");
  table.clear();
  expect(screen.lines).toEqual([]);
  expect(cleared).toBeGreaterThan(0);
});
