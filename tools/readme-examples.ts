/** The runnable examples of a README: its fenced `ts` blocks, and the output that their comments promise. */
import { readFileSync } from "node:fs";

export interface ReadmeExample {
  /** Complete program. */
  readonly code: string;
  /** Line of the README on which it starts, from 1. */
  readonly line: number;
  /** Lines that the program must print, in this order; one that ends with "..." is a beginning. */
  readonly expected: readonly string[];
}

/** The examples of a README file, in order. */
export function readmeExamples(path: string): ReadmeExample[] {
  const text = readFileSync(path, "utf8");
  const examples: ReadmeExample[] = [];
  for (const match of text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)) {
    const code = match[1]!;
    examples.push({ code, line: text.slice(0, match.index).split("\n").length + 1, expected: promisedOutput(code) });
  }
  return examples;
}

/** Comments on a line that prints, or directly below a statement that prints, are its output. */
function promisedOutput(code: string): string[] {
  const expected: string[] = [];
  let isAfterPrint = false;
  for (const line of code.split("\n")) {
    const beside = /console\.log\(.*\);\s*\/\/ (.*)$/.exec(line);
    const alone = /^\s*\/\/ (.*)$/.exec(line);
    if (beside) expected.push(beside[1]!.trim());
    else if (alone && isAfterPrint) expected.push(alone[1]!.trim());
    const isPrint = line.includes("console.log(");
    const isContinued: boolean = isAfterPrint && (alone !== null || line.trim() === ");");
    isAfterPrint = isPrint || isContinued;
  }
  return expected;
}

/** The first promised line that the output lacks, or `undefined` when the output keeps its promises. */
export function missingOutput(example: ReadmeExample, output: string): string | undefined {
  const lines = output.split("\n").map((line) => line.trim());
  let at = 0;
  for (const wanted of example.expected) {
    const isFound = (line: string) => (wanted.endsWith("...") ? line.startsWith(wanted.slice(0, -3)) : line === wanted);
    const found = lines.findIndex((line, i) => i >= at && isFound(line));
    if (found < 0) return wanted;
    at = found + 1;
  }
  return undefined;
}
