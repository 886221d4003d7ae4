/** Sweeps of a general graph in plain JavaScript: the twin of the module, with the same bits. */
import { LANES_WORDS, nextPlain } from "../random/xoshiro.ts";
import { blockLayout, type GraphExports, type GraphProgram } from "./emit-graph.ts";
import { isAgainst } from "./logistic.ts";

const { fround } = Math;

/** The functions of the module on the same memory. */
export function plainGraph(program: GraphProgram, buffer: ArrayBuffer): GraphExports {
  const words = new Int32Array(buffer);
  const floats = new Float32Array(buffer);
  const doubles = new Float64Array(buffer);
  const sweep = (vectors: number, block: number, sweeps: number) => {
    for (let n = 0; n < sweeps; n++) sweepOnce(program, words, floats, vectors, block / 4);
  };
  const sums = (vectors: number, block: number) => sumAll(program, words, doubles, vectors, block / 4);
  return {
    sweep1: (block, sweeps) => sweep(1, block, sweeps),
    sweep2: (block, sweeps) => sweep(2, block, sweeps),
    sums1: (block) => sums(1, block),
    sums2: (block) => sums(2, block),
  };
}

function sweepOnce(
  { table, wordsAt }: GraphProgram,
  words: Int32Array,
  floats: Float32Array,
  vectors: number,
  block: number,
): void {
  const layout = blockLayout(table.nodeAt.length, vectors);
  const spins = block + layout.spins / 4;
  for (const run of table.runs) {
    let at = wordsAt / 4 + run.table;
    for (let k = 0; k < run.count; k++) {
      const degree = run.degree ?? words[at + 2]!;
      const first = at + (run.degree === undefined ? 3 : 2);
      for (let lane = 0; lane < 4 * vectors; lane++) {
        let field = words[at]!;
        for (let n = 0; n < degree; n++) {
          const other = spins + (words[first + 2 * n]! / 4) * vectors + lane;
          field = (field - (words[first + 2 * n + 1]! & words[other]!)) | 0;
        }
        const random = nextPlain(words, block + LANES_WORDS * (lane >> 2) + (lane & 3));
        const factor = fround(floats[at + 1]! * floats[block + layout.factors / 4 + lane]!);
        const flip = isAgainst(fround(Math.abs(field)), factor, random) ? -1 : 0;
        words[spins + 4 * vectors * (run.first + k) + lane] = (field >> 31) ^ flip;
      }
      at = first + 2 * degree;
    }
  }
}

function sumAll(
  { table, edgesAt, fieldsAt, sumsAt }: GraphProgram,
  words: Int32Array,
  doubles: Float64Array,
  vectors: number,
  block: number,
): void {
  const spins = block + blockLayout(table.nodeAt.length, vectors).spins / 4;
  for (let lane = 0; lane < 4 * vectors; lane++) {
    let edgeSum = 0;
    for (let at = edgesAt / 4; at < edgesAt / 4 + table.edges.length; at += 4) {
      const a = words[spins + (words[at]! / 4) * vectors + lane]!;
      const b = words[spins + (words[at + 1]! / 4) * vectors + lane]!;
      if (a !== b) edgeSum += doubles[(at + 2) / 2]!;
    }
    let fieldSum = 0;
    for (let place = 0; place < table.fields.length; place++) {
      if (words[spins + 4 * vectors * place + lane] !== 0) fieldSum += doubles[fieldsAt / 8 + place]!;
    }
    const sum = sumsAt / 8 + 8 * (lane >> 2) + (lane & 3);
    doubles[sum] = edgeSum;
    doubles[sum + 4] = fieldSum;
  }
}
