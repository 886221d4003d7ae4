import type { PhiloxWords } from "./philox-words.ts";
import { integerBelow } from "./uniform.ts";

/** Brings the elements into a uniformly random order, in place: Fisher & Yates in the form of Durstenfeld (1964). */
export function shuffle<T>(words: PhiloxWords, array: { readonly length: number; [index: number]: T }): void {
  for (let i = array.length - 1; i > 0; i--) {
    const j = integerBelow(words, i + 1);
    const kept = array[i]!;
    array[i] = array[j]!;
    array[j] = kept;
  }
}
