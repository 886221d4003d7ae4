/** Sweeps of banks of 32 replicas in plain JavaScript: the twin of the module, with the same bits. */
import { decideSite, levelsOf } from "./degree-decision.ts";
import { LEVELS, type PlanesExports, type PlanesProgram } from "./emit-planes.ts";
import { REGISTER, refillPlain } from "./shift-register.ts";

/** The functions of the module on the same memory. */
export function plainPlanes(program: PlanesProgram, buffer: ArrayBuffer): PlanesExports {
  const words = new Int32Array(buffer);
  return {
    sweep(bank, sweeps) {
      for (let sweep = 0; sweep < sweeps; sweep++) sweepOnce(program, words, bank / 4);
    },
    count(bank, table, fours) {
      countPairs(program, words, bank / 4, table / 4, fours);
    },
  };
}

const planes = new Int32Array(LEVELS + 1);
const pulls = new Int32Array(LEVELS);

function sweepOnce(
  { order, kernel, bits, layout, neighboursAt }: PlanesProgram,
  words: Int32Array,
  bank: number,
): void {
  const register = bank + layout.register / 4;
  const masks = bank + layout.masks / 4;
  const spins = bank + layout.spins / 4;
  let position = words[bank]!;
  for (const run of order.runs) {
    const levels = levelsOf(run.degree);
    for (let four = 0; four < run.quads; four++) {
      if (REGISTER - position < 4 * bits) {
        words.copyWithin(register + position - REGISTER, register + position, register + REGISTER);
        refillPlain(words, register);
        position -= REGISTER;
      }
      const table = neighboursAt / 4 + run.table + 8 * run.degree * four;
      for (let lane = 0; lane < 4; lane++) {
        drawPlanes(words, register + position + lane, masks, bits, levels);
        for (let n = 0; n < run.degree; n++) {
          const at = table + 8 * n + lane;
          pulls[n] = words[spins + words[at]! / 4]! ^ words[at + 4]!;
        }
        const raw = words[register + position + 4 * (bits - 1) + lane]!;
        const slot = spins + run.slot + 4 * four + lane;
        words[slot] = decideSite(kernel, run.degree, pulls, words[slot]!, planes, raw);
      }
      position += 4 * bits;
    }
  }
  words[bank] = position;
}

/** Planes of all levels, from one random word per digit. */
function drawPlanes(words: Int32Array, random: number, masks: number, bits: number, levels: readonly number[]): void {
  for (const level of levels) {
    const first = masks + 4 * (level - 1) * (bits + 1);
    let plane = 0;
    for (let digit = 0; digit < bits; digit++) {
      const word = words[random + 4 * digit]!;
      plane = (words[first + 4 * digit]! & (plane | word)) | (plane & word);
    }
    planes[level] = plane | words[first + 4 * bits]!;
  }
}

/** Counts in the layout of the module: byte b of vector 2s + h, all lanes added into the first. */
function countPairs(
  { layout, countsAt }: PlanesProgram,
  words: Int32Array,
  bank: number,
  table: number,
  fours: number,
): void {
  const spins = bank + layout.spins / 4;
  const counts = new Uint8Array(words.buffer, countsAt, 128).fill(0);
  for (let four = 0; four < fours; four++) {
    for (let lane = 0; lane < 4; lane++) {
      const at = table + 12 * four + lane;
      const differs = words[spins + words[at]! / 4]! ^ words[spins + words[at + 4]! / 4]! ^ words[at + 8]!;
      for (let replica = 0; replica < 32; replica++) {
        const byte = 16 * (2 * (replica & 3) + ((replica >> 2) & 1)) + 4 * lane + (replica >> 3);
        counts[byte]! += (differs >>> replica) & 1;
      }
    }
  }
}
