import { InvalidArgumentError, nearest } from "@siegert/errors";

/** Reads a finite number ≥ lowest. */
export function numberOption(name: string, lowest: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isFinite(value) || value < lowest) {
      throw new InvalidArgumentError(name, `be a number of at least ${lowest}`, text);
    }
    return value;
  };
}

/** Reads a whole number ≥ lowest. */
export function wholeNumberOption(name: string, lowest: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isSafeInteger(value) || value < lowest) {
      throw new InvalidArgumentError(name, `be a whole number of at least ${lowest}`, text);
    }
    return value;
  };
}

/** Reads numbers separated by commas. */
export function numberListOption(name: string): (text: string) => number[] {
  return (text) => {
    const values = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
    if (!values.every(Number.isFinite)) throw new InvalidArgumentError(name, "be numbers separated by commas", text);
    return values;
  };
}

/** Reads a path: any text but an empty one. */
export function pathOption(name: string, what: "file" | "folder"): (text: string) => string {
  return (text) => {
    if (text === "") throw new InvalidArgumentError(name, `name a ${what}`, text);
    return text;
  };
}

/** Reads one of some words; the message of a wrong one names the nearest. */
export function choiceOption<Word extends string>(name: string, words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const word = words.find((candidate) => candidate === text);
    if (word !== undefined) return word;
    const near = nearest(text, words);
    const hint = near === undefined ? "" : ` (did you mean ${near}?)`;
    throw new InvalidArgumentError(name, `be one of ${words.join(", ")}${hint}`, text);
  };
}
