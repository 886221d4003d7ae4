import { InvalidArgumentError } from "@siegert/errors";

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
