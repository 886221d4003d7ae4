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
  visit,
  type YAMLError,
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

/** What aliases may stand for in all, counted in repeated nodes; the YAML library's own default. */
const MOST_ALIASES = 100;

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
      this.problems.push({ line, column: col, path: "", message: syntaxMessage(error) });
    }
    if (this.problems.length === 0) this.#checkAliases();
  }

  /** Aliases that lead nowhere, round in a circle, or multiply: a few lines can stand for more than memory holds. */
  #checkAliases(): void {
    let position: SourcePosition | undefined;
    visit(this.#document, {
      Alias: (_, alias) => {
        const isKnown = alias.resolve(this.#document) !== undefined;
        if (!isKnown) this.complain(this.positionOf(alias), "", `the alias *${alias.source} has no anchor before it`);
        position ??= this.positionOf(alias);
      },
    });
    if (position === undefined || this.problems.length > 0) return;
    try {
      JSON.stringify(this.#document.toJS({ maxAliasCount: MOST_ALIASES }));
    } catch {
      this.complain(position, "", "the aliases (*name) repeat without end or far too often; write the values out");
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

  /** Whether a problem was noted at a path or below it. */
  hasProblem(path: string): boolean {
    return this.problems.some((problem) => problem.path === path || /^[.[]/.test(restAfter(problem.path, path)));
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

function restAfter(text: string, start: string): string {
  return text.startsWith(start) ? text.slice(start.length) : "";
}

function syntaxMessage({ code, message }: YAMLError): string {
  if (code === "MULTIPLE_DOCS") return "holds more than one YAML document; keep what stands before this ---";
  return `is not valid YAML: ${message.split("\n")[0]!.replace(/ at line \d+.*$/, "")}`;
}

/** Sorts problems into the order of the file. */
export function inFileOrder(problems: readonly ConfigProblem[]): ConfigProblem[] {
  return [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
}
