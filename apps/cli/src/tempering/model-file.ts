import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { nearest } from "@siegert/errors";
import { isMap, isScalar, LineCounter, type Node, parseDocument } from "yaml";
import { ModelFileError, type ModelFileProblem } from "./model-file-error.ts";
import { MODEL_SCHEMA, type ModelSpec } from "./model-schema.ts";

/** What a path that is itself a module ends with. */
const MODULE = /\.[cm]?[jt]s$/;

/**
 * Reads a model file, JSON or YAML; a path of a module stands for a file that names it.
 * @throws {ModelFileError} when it is missing, cannot be parsed, or says what no model is; with all problems.
 */
export async function readModelFile(path: string): Promise<ModelSpec> {
  if (MODULE.test(path)) return { model: "module", module: resolve(path), export: "problem" };
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === "ENOENT" ? "there is no such file" : `it cannot be read (${error.code ?? "error"})`;
    throw new ModelFileError(path, [{ key: "", message: `${reason}; give a model file, see siegert temper --help` }]);
  });
  return parseModel(text, path);
}

/** The model that a text says. @throws {ModelFileError} */
export function parseModel(text: string, path: string): ModelSpec {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const placed = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  if (document.errors.length > 0) {
    throw new ModelFileError(
      path,
      document.errors.map((error) => ({ ...placed(error.pos[0]), key: "", message: error.message })),
    );
  }
  const result = MODEL_SCHEMA.safeParse(document.toJS({ maxAliasCount: 100 }));
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap((issue): ModelFileProblem[] => {
    const keys = issue.path as (string | number)[];
    const at = (path: (string | number)[]) => placed((nodeAt(document.contents, path)?.range ?? [0])[0]);
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({ ...at(keys), key: [...keys, key].join("."), message: unknown(key) }));
    }
    return [{ ...at(keys), key: keys.join("."), message: issue.message }];
  });
  throw new ModelFileError(path, problems);
}

const KEYS = [
  ...["model", "lattice", "size", "periodic", "nodes", "edges", "coupling", "random", "scale", "seed", "beta", "field"],
  ...["states", "weights", "visibleBias", "hiddenBias", "module", "export", "argument"],
];

function unknown(key: string): string {
  const near = nearest(key, KEYS);
  return `unknown key${near === undefined ? "" : `; did you mean ${near}?`}`;
}

/** The node at a path, or the nearest one above it. */
function nodeAt(root: Node | null, path: readonly (string | number)[]): Node | undefined {
  let node: Node | undefined = root ?? undefined;
  for (const key of path) {
    const next: unknown = isMap(node)
      ? node.items.find((pair) => isScalar(pair.key) && pair.key.value === key)?.value
      : (node as { get?(key: unknown, keep: true): unknown } | undefined)?.get?.(key, true);
    if (next === undefined || next === null) return node;
    node = next as Node;
  }
  return node;
}
