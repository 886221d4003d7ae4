import type { Node } from "yaml";
import type { YamlSource } from "./yaml-source.ts";

/** camelCase to snake_case. */
export type SnakeCase<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? First extends Lowercase<First>
    ? `${First}${SnakeCase<Rest>}`
    : `_${Lowercase<First>}${SnakeCase<Rest>}`
  : Name;

/** What a reader gets: the key's node, its plain value, and where to complain. */
export interface ReadContext {
  readonly source: YamlSource;
  readonly path: string;
  readonly node: Node | undefined;
  /** Never null: an empty key means its default and reaches no reader. */
  readonly value: unknown;
}

/** Turns a value into what the settings hold, or complains: then the returned string ends the sentence "must …". */
export type Reader<Value> = (context: ReadContext) => { readonly value: Value } | string;

/** A key that is read. */
export interface Leaf<Value> {
  readonly kind: "leaf";
  readonly initial: Value;
  readonly read: Reader<Value>;
  /** One phrase with the unit, for the template. */
  readonly note: string;
}

/** A key that can only have one meaning here: that value is accepted, any other earns a warning. */
export interface Fixed {
  readonly kind: "fixed";
  readonly values: readonly unknown[];
  readonly reason: string;
}

/** Names below a key; null where anything may follow. */
export interface KeyTree {
  readonly [key: string]: KeyTree | null;
}

/** A key that other programs use and that has no effect here. Its names are checked; setting it earns a warning. */
export interface Inert {
  readonly kind: "inert";
  readonly reason: string;
  readonly keys: KeyTree | null;
}

/** A key that describes the file to people: anything goes. */
export interface Descriptive {
  readonly kind: "descriptive";
}

/** Keys that are not read into the settings; a section among them holds other spellings of keys elsewhere. */
export type Extra = Fixed | Inert | Descriptive | Section<unknown>;

/** A map of keys. `Settings` is what it is read into, with camelCase names. */
export interface Section<Settings> {
  readonly kind: "section";
  readonly note: string;
  readonly fields: Fields<Settings>;
  readonly extra: Readonly<Record<string, Extra>>;
  /** Reads a plain value in place of the map: the field it sets. */
  readonly shorthand: string | undefined;
}

/** One node per name of `Settings`, spelled in snake_case. */
export type Fields<Settings> = {
  readonly [Name in keyof Settings & string as SnakeCase<Name>]: Leaf<Settings[Name]> | Section<Settings[Name]>;
};

/** A node of the schema without its types, for code that walks it. */
export type SchemaNode = Leaf<unknown> | Section<unknown> | Extra;

/** Makes a {@link Leaf}. */
export function leaf<Value>(read: Reader<Value>, initial: NoInfer<Value>, note: string): Leaf<Value> {
  return { kind: "leaf", initial, read, note };
}

/** Makes a {@link Section}. */
export function section<Settings>(
  note: string,
  fields: Fields<Settings>,
  extra: Readonly<Record<string, Extra>> = {},
  shorthand?: string,
): Section<Settings> {
  return { kind: "section", note, fields, extra, shorthand };
}

/** Makes a {@link Fixed}; the first value is the one to recommend. */
export function fixed(values: readonly unknown[], reason: string): Fixed {
  return { kind: "fixed", values, reason };
}

/** Makes an {@link Inert}: without keys, whatever follows is accepted. */
export function inert(reason: string, keys: KeyTree | null = null): Inert {
  return { kind: "inert", reason, keys };
}

/** Names with nothing below them, from a text with spaces. */
export function names(text: string): KeyTree {
  return Object.fromEntries(text.split(/\s+/).map((name) => [name, null]));
}

/** One {@link Inert} per name of a text with spaces, all for the same reason. */
export function inertNames(reason: string, text: string): Record<string, Inert> {
  return Object.fromEntries(text.split(/\s+/).map((name) => [name, inert(reason, {})]));
}

/** A section that holds other spellings of keys elsewhere, and nothing of its own but keys without effect. */
export function spellings(extra: Readonly<Record<string, Extra>> = {}): Section<unknown> {
  return section<unknown>("", {}, extra);
}

/** The nodes of a section by name. */
export function sectionNodes(node: Section<unknown>): Record<string, SchemaNode> {
  return { ...(node.fields as Record<string, SchemaNode>), ...node.extra };
}
