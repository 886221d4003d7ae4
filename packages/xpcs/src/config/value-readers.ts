import { nearest } from "@siegert/errors";
import type { SourcePosition } from "./config-error.ts";
import type { ReadContext, Reader } from "./schema.ts";
import { shownValue } from "./shown-value.ts";

/** A value with its place in the file. */
export interface Located<Value> {
  readonly value: Value;
  readonly position: SourcePosition;
}

function numberOrComplaint(value: unknown, requirement: string, isValid: (value: number) => boolean) {
  if (isQuotedNumber(value)) {
    return `be a number; received the text ${shownValue(value)}: remove the quotes`;
  }
  if (typeof value !== "number" || !isValid(value)) return `${requirement}; received ${shownValue(value)}`;
  return { value };
}

/** A finite number that passes `isValid`. */
export function numberThat(requirement: string, isValid: (value: number) => boolean = () => true): Reader<number> {
  return ({ value }) => numberOrComplaint(value, requirement, (x) => Number.isFinite(x) && isValid(x));
}

/** Any finite number. */
export const finite: Reader<number> = numberThat("be a finite number");
/** A number > 0. */
export const positive: Reader<number> = numberThat("be a positive number", (x) => x > 0);
/** A number ≥ 0. */
export const nonNegative: Reader<number> = numberThat("be a number of at least 0", (x) => x >= 0);
/** A number in [0, 1]. */
export const fraction: Reader<number> = numberThat("be a number between 0 and 1", (x) => x >= 0 && x <= 1);

/** An integer of at least `least`. */
export function integerFrom(least: number): Reader<number> {
  return numberThat(`be a whole number of at least ${least}`, (x) => Number.isSafeInteger(x) && x >= least);
}

const WORDS: Readonly<Record<string, boolean>> = {
  yes: true,
  on: true,
  true: true,
  no: false,
  off: false,
  false: false,
};

/** true or false; yes, no, on, off count too, as in older YAML. */
export const boolean: Reader<boolean> = ({ value }) => {
  const word = typeof value === "string" ? WORDS[value.toLowerCase()] : value;
  return typeof word === "boolean" ? { value: word } : `be true or false; received ${shownValue(value)}`;
};

/** Text; an empty one counts as not given. */
export const text: Reader<string | null> = ({ value }) =>
  typeof value === "string" ? { value: value === "" ? null : value } : `be text; received ${shownValue(value)}`;

/** One of some words, in any case; `synonyms` leads other words to one of them. */
export function oneOf<const Word extends string>(
  words: readonly Word[],
  synonyms: Readonly<Record<string, NoInfer<Word>>> = {},
): Reader<Word> {
  return ({ value }) => {
    const given = typeof value === "string" ? value.trim().toLowerCase() : "";
    const word = words.find((candidate) => candidate.toLowerCase() === given) ?? synonyms[given];
    if (word !== undefined) return { value: word };
    const hint = typeof value === "string" ? nearest(value, words) : undefined;
    return `be one of ${words.join(", ")}; received ${shownValue(value)}${hint === undefined ? "" : `, did you mean ${hint}?`}`;
  };
}

/** A word, or what the other reader takes. */
export function wordOr<Word extends string, Value>(word: Word, reader: Reader<Value>): Reader<Word | Value> {
  return (context) => {
    if (typeof context.value === "string" && context.value.toLowerCase() === word) return { value: word };
    const result = reader(context);
    return typeof result === "string" ? `be ${word}, or ${result}` : result;
  };
}

/** What the reader takes; null, the default, means none. */
export function optional<Value>(reader: Reader<Value>): Reader<Value | null> {
  return reader;
}

/** A list of numbers, or one number; each with its place. */
export const numberList: Reader<readonly Located<number>[] | null> = (context) =>
  locatedList(context, "a number", "numbers", (value) =>
    typeof value === "number" && Number.isFinite(value) ? value : undefined,
  );

/** As {@link numberList}, but one number at least. */
export const filledNumberList: Reader<readonly Located<number>[] | null> = (context) => {
  const result = numberList(context);
  const isEmpty = context.source.items(context.node)?.length === 0;
  return isEmpty ? "hold at least one number; leave the key out when there is none" : result;
};

/** A list of names, or one name; each with its place. */
export const nameList: Reader<readonly Located<string>[] | null> = (context) =>
  locatedList(context, "a name", "names", (value) => (typeof value === "string" ? value : undefined));

/** A list of numbers where null stands for "not given". */
export const gappyNumberList: Reader<readonly Located<number | null>[] | null> = (context) =>
  locatedList<number | null>(context, "a number or null", "numbers or null", (value) => {
    if (value === null) return null;
    return typeof value === "number" && Number.isFinite(value) ? value : undefined;
  });

function locatedList<Value>(
  { source, path, node, value }: ReadContext,
  one: string,
  what: string,
  pick: (value: unknown) => Value | undefined,
): { value: readonly Located<Value>[] } | string {
  const items = source.items(node) ?? (typeof value === "object" ? undefined : [node]);
  if (items === undefined) return `be a list of ${what}; received ${shownValue(value)}`;
  const list: Located<Value>[] = [];
  for (const [index, item] of items.entries()) {
    const position = source.positionOf(item ?? node);
    const picked = pick(source.valueOf(item));
    if (picked === undefined) {
      source.complain(position, `${path}[${index}]`, `must be ${one}; received ${received(source.valueOf(item), one)}`);
    } else list.push({ value: picked, position });
  }
  return { value: list };
}

/** The value in a message, with the remedy when it is a number in quotes. */
function received(value: unknown, wanted: string): string {
  return wanted.includes("number") && isQuotedNumber(value)
    ? `the text ${shownValue(value)}: remove the quotes`
    : shownValue(value);
}

function isQuotedNumber(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value));
}

/** A map of names to what `pick` takes, each with its place. */
export function namedValues<Value>(
  what: string,
  pick: (value: unknown) => Value | undefined,
): Reader<readonly (Located<Value> & { readonly name: string })[] | null> {
  return ({ source, path, node, value }) => {
    const entries = source.entries(node);
    if (entries === undefined) return `be a map of parameter names to ${what}; received ${shownValue(value)}`;
    const list: (Located<Value> & { name: string })[] = [];
    for (const { key, keyPosition, node: item } of entries) {
      const picked = pick(source.valueOf(item));
      if (picked === undefined) {
        source.complain(
          keyPosition,
          `${path}.${key}`,
          `must be ${what}; received ${received(source.valueOf(item), what)}`,
        );
      } else list.push({ name: key, value: picked, position: keyPosition });
    }
    return { value: list };
  };
}

/** A finite number, or `undefined`, for {@link namedValues}. */
export function pickNumber(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** A text, or `undefined`, for {@link namedValues}. */
export function pickText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
