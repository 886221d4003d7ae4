import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
} from "yaml";
import type { ConfigProblem, SourcePosition } from "./config-error.ts";

/** A key of a map with its value. */
export interface YamlEntry {
  readonly key: string;
  readonly keyPosition: SourcePosition;
  /** `undefined` for a key without value. */
  readonly node: Node | undefined;
}

/** The text of a configuration as a tree with positions, and what was found wrong with it so far. */
export class YamlSource {
  readonly problems: ConfigProblem[] = [];
  readonly warnings: ConfigProblem[] = [];
  readonly #lines = new LineCounter();
  readonly #document: Document;

  /** Syntax errors become problems; the tree then holds what could be read. */
  constructor(text: string) {
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false, merge: true });
    for (const error of this.#document.errors) {
      const { line, col } = this.#lines.linePos(error.pos[0]);
      const message = error.message.split("\n")[0]!.replace(/ at line \d+.*$/, "");
      this.problems.push({ line, column: col, path: "", message: `is not valid YAML: ${message}` });
    }
  }

  /** The top of the tree. */
  get root(): Node | undefined {
    return (this.#document.contents ?? undefined) as Node | undefined;
  }

  /** Where a node begins. */
  positionOf(node: Node | undefined | null): SourcePosition {
    const offset = node?.range?.[0] ?? 0;
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  /** The node that an alias (`*name`) stands for, or the node itself. */
  resolve(node: unknown): Node | undefined {
    if (node === null || node === undefined) return undefined;
    return isAlias(node) ? (node.resolve(this.#document) as Node | undefined) : (node as Node);
  }

  /** The plain value of a node: null for an empty one. */
  valueOf(node: Node | undefined): unknown {
    const resolved = this.resolve(node);
    return resolved === undefined ? null : resolved.toJS(this.#document);
  }

  /** Keys of a map, those merged with `<<` last; `undefined` when the node is no map. */
  entries(node: Node | undefined): YamlEntry[] | undefined {
    const map = this.resolve(node);
    if (!isMap(map)) return undefined;
    const own: YamlEntry[] = [];
    const merged: YamlEntry[] = [];
    for (const pair of (map as YAMLMap).items as Pair[]) {
      const scalar = isScalar(pair.key) ? pair.key.value : pair.key;
      const value = this.resolve(pair.value);
      // The parser marks a merge key with a symbol.
      const isMerge = typeof scalar === "symbol" || scalar === "<<";
      const key = String(scalar);
      if (isMerge) {
        for (const item of isSeq(value) ? value.items : [value]) merged.push(...(this.entries(item as Node) ?? []));
      } else own.push({ key, keyPosition: this.positionOf(pair.key as Node), node: value });
    }
    return [...own, ...merged.filter((entry) => !own.some((other) => other.key === entry.key))];
  }

  /** Items of a list; `undefined` when the node is no list. */
  items(node: Node | undefined): (Node | undefined)[] | undefined {
    const list = this.resolve(node);
    return isSeq(list) ? list.items.map((item) => this.resolve(item)) : undefined;
  }

  /** Notes a problem. */
  complain(position: SourcePosition, path: string, message: string): void {
    this.problems.push({ line: position.line, column: position.column, path, message });
  }

  /** Notes a warning. */
  warn(position: SourcePosition, path: string, message: string): void {
    this.warnings.push({ line: position.line, column: position.column, path, message });
  }
}

/** Sorts problems into the order of the file. */
export function inFileOrder(problems: readonly ConfigProblem[]): ConfigProblem[] {
  return [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
}
