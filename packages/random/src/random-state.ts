import { InvalidArgumentError } from "@siegert/errors";

/**
 * Everything that decides the future of a stream, as plain JSON data. The key and counter words 2 and 3 name the
 * stream and never change; counter words 0 and 1 (least significant first) number its blocks of four words.
 */
export interface RandomState {
  /** Name of the block function; a state of another generator is refused. */
  readonly generator: "philox4x32-10";
  /** Philox key: 2 words, integers in [0, 2³²). */
  readonly key: readonly [number, number];
  /** Counter of the block that holds the next word: 4 words, integers in [0, 2³²). */
  readonly counter: readonly [number, number, number, number];
  /** Index in that block of the next word: 0, 1, 2 or 3. */
  readonly position: number;
}

/**
 * Refuses whatever is not a state, for instance one that a damaged file gave.
 * @throws {InvalidArgumentError} naming the field that is wrong.
 */
export function checkRandomState(state: unknown): asserts state is RandomState {
  if (typeof state !== "object" || state === null) {
    throw new InvalidArgumentError("state", "be an object made by Random.state()", state);
  }
  const { generator, key, counter, position } = state as Record<string, unknown>;
  if (generator !== "philox4x32-10") {
    throw new InvalidArgumentError("state.generator", 'be "philox4x32-10"', generator);
  }
  checkWords("state.key", key, 2);
  checkWords("state.counter", counter, 4);
  if (typeof position !== "number" || !Number.isInteger(position) || position < 0 || position > 3) {
    throw new InvalidArgumentError("state.position", "be 0, 1, 2 or 3", position);
  }
}

function checkWords(argument: string, words: unknown, length: number): void {
  if (!Array.isArray(words) || words.length !== length || !Array.from(words).every(isWord)) {
    throw new InvalidArgumentError(argument, `be an array of ${length} integers from 0 to 4294967295`, words);
  }
}

function isWord(value: unknown): boolean {
  return typeof value === "number" && value >>> 0 === value;
}
