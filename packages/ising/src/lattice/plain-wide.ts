/** Sweeps of a wide lattice in plain JavaScript, 32 spins at a time: the twin of the module, with the same bits. */
import { LANES_WORDS, nextPlain } from "../random/xoshiro.ts";
import { digitOf } from "./emit-bernoulli.ts";
import type { WideExports, WideProgram } from "./emit-wide.ts";
import { decidePlain, plainRule } from "./plain-decision.ts";
import { situations } from "./rule.ts";
import { GENERATORS_BYTES, planeVectors, rowVectors } from "./wide-layout.ts";

/** Vertical and horizontal neighbours of a row: addresses of rows in words, and which of its neighbours is beside. */
interface Rows {
  readonly outer: number;
  readonly same: number;
  readonly inner: number;
  readonly isLeft: boolean;
}

/** The functions of the module on the same memory; thresholds are read from masks in memory unless compiled. */
export function plainWide(program: WideProgram, buffer: ArrayBuffer): WideExports {
  const words = new Int32Array(buffer);
  const { shape, rule, bits } = program;
  const decision = plainRule(rule);
  const thresholds = situations(rule).length;
  const planes = new Int32Array(thresholds);
  const pulls = new Int32Array(4);
  const bonds = new Int32Array(4);

  const isSet = (masks: number, index: number, digit: number): boolean => {
    const fixed = program.thresholds?.[index];
    if (fixed !== undefined) return digitOf(fixed, digit) === 1;
    return words[masks / 4 + 4 * (index * (bits + 1) + digit)]! !== 0;
  };

  const draw = (generator: number, digits: readonly (readonly boolean[])[]): number => {
    let random = 0;
    planes.fill(0);
    for (let digit = 0; digit < bits; digit++) {
      random = nextPlain(words, generator);
      const row = digits[digit]!;
      for (let index = 0; index < thresholds; index++) {
        planes[index] = row[index] ? planes[index]! | random : planes[index]! & random;
      }
    }
    for (let index = 0; index < thresholds; index++) if (digits[bits]![index]) planes[index] = -1;
    return random;
  };

  const half = (state: number, digits: readonly (readonly boolean[])[], colour: 0 | 1): void => {
    visitRows(program, state, colour, (rows, own, bondRow) => {
      const generator = state / 4 + (rows.isLeft ? 0 : LANES_WORDS);
      for (let vector = 0; vector < rowVectors(shape); vector++) {
        for (let lane = 0; lane < 4; lane++) {
          const at = own + 4 * vector + lane;
          const raw = draw(generator + lane, digits);
          readPulls(program, words, rows, vector, lane, bondRow, pulls, bonds);
          words[at] = decidePlain(decision, pulls, bonds, words[at]!, planes, raw);
        }
      }
    });
  };

  return {
    sweep(state, masks, sweeps) {
      const digits = Array.from({ length: bits + 1 }, (_, digit) =>
        Array.from({ length: thresholds }, (_, index) =>
          digit === bits && program.thresholds ? program.thresholds[index] === 2 ** bits : isSet(masks, index, digit),
        ),
      );
      for (let sweep = 0; sweep < sweeps; sweep++) {
        half(state, digits, 0);
        half(state, digits, 1);
      }
    },
    unsatisfied(state) {
      let count = 0;
      visitRows(program, state, 0, (rows, own, bondRow) => {
        for (let vector = 0; vector < rowVectors(shape); vector++) {
          for (let lane = 0; lane < 4; lane++) {
            readPulls(program, words, rows, vector, lane, bondRow, pulls, bonds);
            const spins = words[own + 4 * vector + lane]!;
            for (let k = 0; k < 4; k++) count += onesIn((pulls[k]! ^ spins) & bonds[k]!);
          }
        }
      });
      return count;
    },
    ups(state) {
      const first = (state + GENERATORS_BYTES) / 4;
      let count = 0;
      for (let word = 0; word < 8 * planeVectors(shape); word++) count += onesIn(words[first + word]!);
      return count;
    },
  };
}

/** Calls `visit` for both rows of every pair, in the order of the module, whose generators go by the side. */
function visitRows(
  { shape }: WideProgram,
  state: number,
  colour: 0 | 1,
  visit: (rows: Rows, own: number, bondRow: number) => void,
): void {
  const rowWords = 4 * rowVectors(shape);
  const planeWords = 4 * planeVectors(shape);
  const own = (state + GENERATORS_BYTES) / 4 + colour * planeWords;
  const other = (state + GENERATORS_BYTES) / 4 + (1 - colour) * planeWords;
  const { height } = shape;
  for (let pair = 0; pair < height; pair += 2) {
    for (const isLeft of [true, false]) {
      const row = isLeft ? pair + colour : pair + 1 - colour;
      const inner = 2 * pair + 1 - row;
      const outer = (2 * row - inner + height) % height;
      const rows = {
        isLeft,
        outer: other + outer * rowWords,
        same: other + row * rowWords,
        inner: other + inner * rowWords,
      };
      visit(rows, own + row * rowWords, 4 * (colour * planeWords + row * rowWords));
    }
  }
}

/** σ s' of the four neighbours of a lane of a vector, and which bonds are there. */
function readPulls(
  { shape, isAntiferromagnetic, signsAt, presenceAt }: WideProgram,
  words: Int32Array,
  rows: Rows,
  vector: number,
  lane: number,
  bondRow: number,
  pulls: Int32Array,
  bonds: Int32Array,
): void {
  const at = 4 * vector + lane;
  pulls[0] = words[rows.outer + at]!;
  pulls[1] = words[rows.same + at]!;
  pulls[2] = words[rows.inner + at]!;
  pulls[3] = sideWord(words, rows, vector, lane, rowVectors(shape));
  for (let k = 0; k < 4; k++) {
    const bond = bondRow + 16 * vector + 4 * k + lane;
    if (shape.hasSigns) pulls[k]! ^= words[signsAt / 4 + bond]!;
    else if (isAntiferromagnetic) pulls[k]! ^= -1;
    bonds[k] = shape.isDiluted ? words[presenceAt / 4 + bond]! : -1;
  }
}

/** Neighbours to the left or right: the next vector, or the other end of the row, one bit on. */
function sideWord(words: Int32Array, { same, isLeft }: Rows, vector: number, lane: number, vectors: number): number {
  const next = isLeft ? vector - 1 : vector + 1;
  if (next >= 0 && next < vectors) return words[same + 4 * next + lane]!;
  const end = isLeft ? same + 4 * (vectors - 1) : same;
  const word = words[end + lane]!;
  if (isLeft) return (word << 1) | (words[end + ((lane + 3) & 3)]! >>> 31);
  return (word >>> 1) | (words[end + ((lane + 1) & 3)]! << 31);
}

/** How many bits of a word are 1. */
export function onesIn(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
