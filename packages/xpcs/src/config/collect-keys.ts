import { nearest } from "@siegert/errors";
import type { Node } from "yaml";
import type { SourcePosition } from "./config-error.ts";
import { KEY_ALIASES } from "./key-aliases.ts";
import { type Inert, type KeyTree, type SchemaNode, type Section, sectionNodes } from "./schema.ts";
import { shownValue } from "./shown-value.ts";
import type { YamlEntry, YamlSource } from "./yaml-source.ts";

/** A key that the file sets. */
export interface GivenKey {
  readonly node: Node | undefined;
  /** Where the key is written. */
  readonly position: SourcePosition;
  /** The path as it is written, which an alias may have led elsewhere. */
  readonly written: string;
}

/** Keys that the file sets, by the path that the schema gives them. */
export type GivenKeys = Map<string, GivenKey>;

/**
 * Finds the keys of a file in the schema. Unknown keys become problems that name the nearest valid key (warnings when
 * `isLenient`); keys without effect become warnings, one per section and reason; keys given twice under two names become
 * problems.
 */
export function collectKeys(source: YamlSource, root: Section<unknown>, isLenient: boolean): GivenKeys {
  return new KeyCollector(source, root, isLenient).collect();
}

class KeyCollector {
  readonly #source: YamlSource;
  readonly #root: Section<unknown>;
  readonly #isLenient: boolean;
  readonly #given: GivenKeys = new Map();

  constructor(source: YamlSource, root: Section<unknown>, isLenient: boolean) {
    this.#source = source;
    this.#root = root;
    this.#isLenient = isLenient;
  }

  collect(): GivenKeys {
    this.#section(this.#root, { key: "", keyPosition: { line: 1, column: 1 }, node: this.#source.root }, "");
    return this.#given;
  }

  #section(schema: Section<unknown>, entry: YamlEntry, path: string): void {
    const entries = this.#source.entries(entry.node);
    if (entries === undefined) {
      const value = this.#source.valueOf(entry.node);
      if (value === null) return;
      if (schema.shorthand !== undefined && typeof value !== "object") {
        this.#add(`${path}.${schema.shorthand}`, entry, path);
      } else this.#source.complain(entry.keyPosition, path, `must be a map of keys; received ${shownValue(value)}`);
      return;
    }
    const nodes = sectionNodes(schema);
    const inertByReason = new Map<string, YamlEntry[]>();
    for (const child of entries) {
      const written = path === "" ? child.key : `${path}.${child.key}`;
      const alias = KEY_ALIASES[written];
      const target = alias ?? written;
      const node =
        alias === undefined ? (Object.hasOwn(nodes, child.key) ? nodes[child.key] : undefined) : this.#find(alias);
      if (node === undefined) this.#unknown(child, written, path, Object.keys(nodes));
      else if (node.kind === "inert" && node.keys !== null && Object.keys(node.keys).length === 0) {
        inertByReason.set(node.reason, [...(inertByReason.get(node.reason) ?? []), child]);
      } else this.#visit(node, child, target, written);
    }
    for (const [reason, keys] of inertByReason) this.#warnInert(path, keys, reason);
  }

  #visit(node: SchemaNode, entry: YamlEntry, path: string, written: string): void {
    if (node.kind === "section") this.#section(node, entry, path);
    else if (node.kind === "leaf") this.#add(path, entry, written);
    else if (node.kind === "inert") this.#inert(node, entry, written);
    else if (node.kind === "fixed") {
      const value = this.#source.valueOf(entry.node);
      const isSame = value === null || node.values.some((fixed) => isSameValue(fixed, value));
      if (!isSame) this.#source.warn(entry.keyPosition, written, `has no effect here: ${node.reason}`);
    }
  }

  #add(path: string, entry: YamlEntry, written: string): void {
    const isEmpty = this.#source.valueOf(entry.node) === null;
    const earlier = this.#given.get(path);
    if (earlier !== undefined) {
      if (isEmpty) return;
      if (this.#source.valueOf(earlier.node) !== null) {
        const isEqual = isSameValue(this.#source.valueOf(earlier.node), this.#source.valueOf(entry.node));
        if (isEqual) return;
        this.#source.complain(
          entry.keyPosition,
          written,
          `means the same as ${earlier.written} in line ${earlier.position.line}, with another value; keep one of them`,
        );
        return;
      }
    }
    this.#given.set(path, { node: entry.node, position: entry.keyPosition, written });
  }

  #inert({ reason, keys }: Inert, entry: YamlEntry, path: string): void {
    const count = keys === null ? 0 : this.#checkNames(keys, entry, path);
    if (this.#source.valueOf(entry.node) === null) return;
    const many = count > 1 ? ` (nor have the ${count} keys below)` : "";
    this.#source.warn(entry.keyPosition, path, `has no effect here${many}: ${reason}`);
  }

  /** Checks the names below a key without effect; returns how many there are. */
  #checkNames(keys: KeyTree, entry: YamlEntry, path: string): number {
    let count = 0;
    for (const child of this.#source.entries(entry.node) ?? []) {
      const written = `${path}.${child.key}`;
      if (!Object.hasOwn(keys, child.key)) this.#unknown(child, written, path, Object.keys(keys));
      else {
        const below = keys[child.key];
        count += 1 + (below ? this.#checkNames(below, child, written) : 0);
      }
    }
    return count;
  }

  #warnInert(path: string, keys: readonly YamlEntry[], reason: string): void {
    const set = keys.filter((key) => this.#source.valueOf(key.node) !== null);
    if (set.length === 0) return;
    const prefix = path === "" ? "" : `${path}.`;
    const [first, ...others] = set;
    const rest = others.length === 0 ? "" : ` (nor have ${others.map((key) => key.key).join(", ")})`;
    this.#source.warn(first!.keyPosition, `${prefix}${first!.key}`, `has no effect here${rest}: ${reason}`);
  }

  #unknown(entry: YamlEntry, written: string, path: string, siblings: readonly string[]): void {
    const report = this.#isLenient ? this.#source.warn.bind(this.#source) : this.#source.complain.bind(this.#source);
    const prefix = path === "" ? "" : `${path}.`;
    const aliases = Object.keys(KEY_ALIASES)
      .filter((alias) => alias.startsWith(prefix) && !alias.slice(prefix.length).includes("."))
      .map((alias) => alias.slice(prefix.length));
    const near = nearest(entry.key, [...siblings, ...aliases]);
    const elsewhere = near === undefined || near !== entry.key ? findEverywhere(this.#root, "", entry.key) : undefined;
    const hint =
      elsewhere !== undefined
        ? `it belongs to ${elsewhere}`
        : near !== undefined
          ? `did you mean ${near}?`
          : `keys here: ${siblings.slice(0, 15).join(", ")}${siblings.length > 15 ? ", …" : ""}`;
    report(entry.keyPosition, written, `unknown key; ${hint}${this.#isLenient ? " (ignored)" : ""}`);
  }

  #find(path: string): SchemaNode | undefined {
    let node: SchemaNode | undefined = this.#root;
    for (const name of path.split(".")) {
      node = node?.kind === "section" ? sectionNodes(node)[name] : undefined;
    }
    return node;
  }
}

/** The section that has a field of exactly this name, when there is just one. */
function findEverywhere(node: Section<unknown>, path: string, key: string): string | undefined {
  const found: string[] = [];
  const search = (current: Section<unknown>, at: string): void => {
    for (const [name, child] of Object.entries(sectionNodes(current))) {
      if (name === key && (child.kind === "leaf" || child.kind === "section")) found.push(at === "" ? "the top" : at);
      if (child.kind === "section") search(child, at === "" ? name : `${at}.${name}`);
    }
  };
  search(node, path);
  return found.length === 1 ? found[0] : undefined;
}

function isSameValue(a: unknown, b: unknown): boolean {
  if (typeof a === "string" && typeof b === "string") return a.toLowerCase() === b.toLowerCase();
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
