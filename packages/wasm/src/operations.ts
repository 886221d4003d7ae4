import { type CodeWriter, type Expr, expression, type Statement, statement, type ValueType } from "./expression.ts";

/** An instruction of one operand. */
export type Unary<A extends ValueType, R extends ValueType> = (a: Expr<A>) => Expr<R>;
/** An instruction of two operands. */
export type Binary<A extends ValueType, R extends ValueType, B extends ValueType = A> = (
  a: Expr<A>,
  b: Expr<B>,
) => Expr<R>;
/** An instruction of three operands of one type. */
export type Ternary<T extends ValueType> = (a: Expr<T>, b: Expr<T>, c: Expr<T>) => Expr<T>;
/**
 * Reads memory at `pointer + offset` (both unsigned bytes; the sum may exceed 2³² and then traps). `align` is a hint
 * in bytes, a power of two up to the natural alignment, which is the default.
 */
export type Load<R extends ValueType> = (pointer: Expr<"i32">, offset?: number, align?: number) => Expr<R>;
/** Writes `value` to memory at `pointer + offset`; `offset` and `align` as for loads. */
export type Store<A extends ValueType> = (
  pointer: Expr<"i32">,
  value: Expr<A>,
  offset?: number,
  align?: number,
) => Statement;
/** Reads one lane from memory into a copy of `vector`. */
export type LoadLane = (
  pointer: Expr<"i32">,
  vector: Expr<"v128">,
  lane: number,
  offset?: number,
  align?: number,
) => Expr<"v128">;
/** Writes one lane of `vector` to memory. */
export type StoreLane = (
  pointer: Expr<"i32">,
  vector: Expr<"v128">,
  lane: number,
  offset?: number,
  align?: number,
) => Statement;

type Table<V> = Readonly<Record<string, V>>;
/** A table of opcodes turned into a table of instructions. */
export type Each<T, Operation> = { readonly [K in keyof T]: Operation };

function mapTable<V, T extends Table<V>, Operation>(table: T, make: (entry: V) => Operation): Each<T, Operation> {
  const entries = Object.entries(table).map(([name, entry]) => [name, make(entry)]);
  return Object.fromEntries(entries) as Each<T, Operation>;
}

/** Instructions of one operand. */
export function unaries<A extends ValueType, R extends ValueType, T extends Table<number>>(
  _operand: A,
  result: R,
  table: T,
): Each<T, Unary<A, R>> {
  return mapTable(
    table,
    (opcode: number) => (a: Expr<A>) =>
      expression(result, (code) => {
        a.emit(code);
        code.opcode(opcode);
      }),
  );
}

/** Instructions of two operands. */
export function binaries<A extends ValueType, R extends ValueType, T extends Table<number>, B extends ValueType = A>(
  _operand: A,
  result: R,
  table: T,
  _second?: B,
): Each<T, Binary<A, R, B>> {
  return mapTable(
    table,
    (opcode: number) => (a: Expr<A>, b: Expr<B>) =>
      expression(result, (code) => {
        a.emit(code);
        b.emit(code);
        code.opcode(opcode);
      }),
  );
}

/** Instructions of three operands. */
export function ternaries<A extends ValueType, T extends Table<number>>(type: A, table: T): Each<T, Ternary<A>> {
  return mapTable(
    table,
    (opcode: number) => (a: Expr<A>, b: Expr<A>, c: Expr<A>) =>
      expression(type, (code) => {
        a.emit(code);
        b.emit(code);
        c.emit(code);
        code.opcode(opcode);
      }),
  );
}

/** Loads; entries are [opcode, natural alignment]. */
export function loads<R extends ValueType, T extends Table<readonly [number, number]>>(
  result: R,
  table: T,
): Each<T, Load<R>> {
  return mapTable(table, ([opcode, natural]: readonly [number, number]) => (pointer, offset = 0, align = natural) => {
    checkAccess(offset, align, natural);
    return expression(result, (code) => {
      pointer.emit(code);
      code.opcode(opcode);
      emitAccess(code, offset, align);
    });
  });
}

/** Stores; entries are [opcode, natural alignment]. */
export function stores<A extends ValueType, T extends Table<readonly [number, number]>>(
  _operand: A,
  table: T,
): Each<T, Store<A>> {
  return mapTable(
    table,
    ([opcode, natural]: readonly [number, number]) =>
      (pointer: Expr<"i32">, value: Expr<A>, offset = 0, align: number = natural): Statement => {
        checkAccess(offset, align, natural);
        return statement((code) => {
          pointer.emit(code);
          value.emit(code);
          code.opcode(opcode);
          emitAccess(code, offset, align);
        });
      },
  );
}

type LaneEntry = readonly [opcode: number, natural: number, lanes: number];

/** Loads of one lane; entries are [opcode, natural alignment, lanes]. */
export function laneLoads<T extends Table<LaneEntry>>(table: T): Each<T, LoadLane> {
  return mapTable(
    table,
    ([opcode, natural, lanes]: LaneEntry) =>
      (pointer, vector, lane, offset = 0, align = natural) => {
        const emit = laneAccess(opcode, natural, lanes, pointer, vector, lane, offset, align);
        return expression("v128", emit);
      },
  );
}

/** Stores of one lane; entries are [opcode, natural alignment, lanes]. */
export function laneStores<T extends Table<LaneEntry>>(table: T): Each<T, StoreLane> {
  return mapTable(
    table,
    ([opcode, natural, lanes]: LaneEntry) =>
      (pointer, vector, lane, offset = 0, align = natural) => {
        const emit = laneAccess(opcode, natural, lanes, pointer, vector, lane, offset, align);
        return statement(emit);
      },
  );
}

function laneAccess(
  opcode: number,
  natural: number,
  lanes: number,
  pointer: Expr<"i32">,
  vector: Expr<"v128">,
  lane: number,
  offset: number,
  align: number,
): (code: CodeWriter) => void {
  checkLane(lane, lanes);
  checkAccess(offset, align, natural);
  return (code) => {
    pointer.emit(code);
    vector.emit(code);
    code.opcode(opcode);
    emitAccess(code, offset, align);
    code.byte(lane);
  };
}

/** @throws {RangeError} unless `lane` is an integer in [0, lanes). */
export function checkLane(lane: number, lanes: number): void {
  if (!(Number.isInteger(lane) && lane >= 0 && lane < lanes)) {
    throw new RangeError(`lane must be an integer from 0 to ${lanes - 1}; received ${lane}`);
  }
}

function checkAccess(offset: number, align: number, natural: number): void {
  if (!(Number.isInteger(offset) && offset >= 0 && offset <= 0xffffffff)) {
    throw new RangeError(`offset must be an integer from 0 to 4294967295; received ${offset}`);
  }
  if (!(align >= 1 && align <= natural && Number.isInteger(Math.log2(align)))) {
    throw new RangeError(`align must be a power of two from 1 to ${natural}; received ${align}`);
  }
}

function emitAccess(code: CodeWriter, offset: number, align: number): void {
  code.u32(Math.log2(align));
  code.u32(offset);
}
