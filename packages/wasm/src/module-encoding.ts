import { ByteWriter } from "./byte-writer.ts";
import { CodeWriter, type Expr, VALUE_TYPE_BYTE, type ValueType } from "./expression.ts";

/** A function of the module, imported or with a body. */
export interface FunctionEntry {
  readonly name: string;
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
  /** Set when the module is encoded: imported functions come first. */
  index: number;
  readonly import: readonly [string, string] | undefined;
  export: string | undefined;
  encode: (() => ByteWriter) | undefined;
}

/** The memory of the module. */
export interface MemoryEntry {
  readonly minimum: number;
  readonly maximum: number | undefined;
  readonly shared: boolean;
  readonly import: readonly [string, string] | undefined;
  readonly export: string | undefined;
}

/** A global variable. */
export interface GlobalEntry {
  readonly type: ValueType;
  readonly initial: Expr<ValueType>;
  readonly mutable: boolean;
  readonly export: string | undefined;
}

/** All that a module holds. */
export interface ModuleContents {
  readonly functions: FunctionEntry[];
  readonly globals: GlobalEntry[];
  readonly data: { readonly offset: number; readonly bytes: Uint8Array }[];
  memory: MemoryEntry | undefined;
}

/** Writes one item of a section. */
type WriteItem<Item = void> = (section: ByteWriter, item: Item) => void;

/** Writes the header and every section that is not empty, in the order of the specification (section 5.5). */
export function encodeModule(module: ByteWriter, contents: ModuleContents): void {
  const imported = contents.functions.filter((entry) => entry.import);
  const own = contents.functions.filter((entry) => !entry.import);
  [...imported, ...own].forEach((entry, index) => {
    entry.index = index;
  });
  const types = new TypeTable();
  for (const entry of [...imported, ...own]) types.indexOf(entry);
  const { memory } = contents;

  module.raw([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
  const call: WriteItem<WriteItem> = (section, write) => write(section);
  writeSection(module, 1, types.items(), call);
  writeSection(module, 2, importsOf(imported, memory, types), call);
  writeSection(module, 3, own, (section, entry) => section.u32(types.indexOf(entry)));
  writeSection(module, 5, memory && !memory.import ? [memory] : [], writeLimits);
  writeSection(module, 6, contents.globals, (section, entry) => writeGlobal(section, contents, entry));
  writeSection(module, 7, exportsOf(contents), call);
  writeSection(module, 10, own, (section, entry) => section.sized(bodyOf(entry)));
  writeSection(module, 11, contents.data, writeData);
  if (contents.functions.length > 0) writeNames(module, [...imported, ...own]);
}

/** Function types, each once. */
class TypeTable {
  readonly #indices = new Map<string, number>();
  readonly #items: WriteItem[] = [];

  indexOf({ params, results }: FunctionEntry): number {
    const key = `${params}>${results}`;
    const known = this.#indices.get(key);
    if (known !== undefined) return known;
    this.#items.push((section) => {
      section.byte(0x60);
      for (const list of [params, results]) {
        section.u32(list.length);
        for (const type of list) section.byte(VALUE_TYPE_BYTE[type]);
      }
    });
    this.#indices.set(key, this.#items.length - 1);
    return this.#items.length - 1;
  }

  items(): readonly WriteItem[] {
    return this.#items;
  }
}

function writeSection<Item>(module: ByteWriter, id: number, items: readonly Item[], write: WriteItem<Item>): void {
  if (items.length === 0) return;
  const section = new ByteWriter();
  section.u32(items.length);
  for (const item of items) write(section, item);
  module.byte(id);
  module.sized(section);
}

function importsOf(
  functions: readonly FunctionEntry[],
  memory: MemoryEntry | undefined,
  types: TypeTable,
): WriteItem[] {
  const items = functions.map(
    (entry): WriteItem =>
      (section) =>
        writeImport(section, entry, types.indexOf(entry)),
  );
  if (memory?.import) items.push((section) => writeMemoryImport(section, memory));
  return items;
}

function writeImport(section: ByteWriter, entry: FunctionEntry, type: number): void {
  for (const part of entry.import!) section.name(part);
  section.byte(0x00);
  section.u32(type);
}

function writeMemoryImport(section: ByteWriter, memory: MemoryEntry): void {
  for (const part of memory.import!) section.name(part);
  section.byte(0x02);
  writeLimits(section, memory);
}

function writeLimits(section: ByteWriter, { minimum, maximum, shared }: MemoryEntry): void {
  section.byte((maximum === undefined ? 0 : 1) | (shared ? 2 : 0));
  section.u32(minimum);
  if (maximum !== undefined) section.u32(maximum);
}

function writeGlobal(section: ByteWriter, module: ModuleContents, { type, mutable, initial }: GlobalEntry): void {
  section.byte(VALUE_TYPE_BYTE[type]);
  section.byte(mutable ? 1 : 0);
  writeConstant(section, module, initial);
}

function writeConstant(section: ByteWriter, module: ModuleContents, value: Expr<ValueType>): void {
  const code = new CodeWriter(module);
  value.emit(code);
  code.byte(0x0b);
  section.raw(code.toBytes());
}

function exportsOf({ functions, globals, memory }: ModuleContents): WriteItem[] {
  const item = (name: string | undefined, kind: number, index: number): WriteItem[] =>
    name === undefined
      ? []
      : [
          (section) => {
            section.name(name);
            section.byte(kind);
            section.u32(index);
          },
        ];
  return [
    ...functions.flatMap((entry) => item(entry.export, 0x00, entry.index)),
    ...item(memory?.export, 0x02, 0),
    ...globals.flatMap((entry, index) => item(entry.export, 0x03, index)),
  ];
}

function bodyOf({ name, encode }: FunctionEntry): ByteWriter {
  if (!encode) throw new TypeError(`function ${name} was declared but its body never defined`);
  return encode();
}

function writeData(
  section: ByteWriter,
  { offset, bytes }: { readonly offset: number; readonly bytes: Uint8Array },
): void {
  section.byte(0x00);
  section.byte(0x41);
  section.s32(offset);
  section.byte(0x0b);
  section.u32(bytes.length);
  section.raw(bytes);
}

/** Names of functions, so that profilers and stack traces show them. */
function writeNames(module: ByteWriter, functions: readonly FunctionEntry[]): void {
  const names = new ByteWriter();
  names.u32(functions.length);
  for (const { index, name } of functions) {
    names.u32(index);
    names.name(name);
  }
  const section = new ByteWriter();
  section.name("name");
  section.byte(0x01);
  section.sized(names);
  module.byte(0x00);
  module.sized(section);
}
