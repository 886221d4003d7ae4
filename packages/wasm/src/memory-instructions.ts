import { type Expr, expression, type Statement, statement } from "./expression.ts";

/** Instructions on the memory as a whole. */
export const memory: {
  /** Size in pages of 64 KiB. */
  readonly size: () => Expr<"i32">;
  /** Grows by pages; the size before, or −1 if refused. */
  readonly grow: (pages: Expr<"i32">) => Expr<"i32">;
  /** Copies bytes; the ranges may overlap. */
  readonly copy: (to: Expr<"i32">, from: Expr<"i32">, bytes: Expr<"i32">) => Statement;
  /** Sets bytes to the low 8 bits of `value`. */
  readonly fill: (to: Expr<"i32">, value: Expr<"i32">, bytes: Expr<"i32">) => Statement;
} = {
  size: () => expression("i32", (code) => code.raw([0x3f, 0x00])),
  grow: (pages) =>
    expression("i32", (code) => {
      pages.emit(code);
      code.raw([0x40, 0x00]);
    }),
  copy: (to, from, bytes) =>
    statement((code) => {
      for (const operand of [to, from, bytes]) operand.emit(code);
      code.raw([0xfc, 0x0a, 0x00, 0x00]);
    }),
  fill: (to, value, bytes) =>
    statement((code) => {
      for (const operand of [to, value, bytes]) operand.emit(code);
      code.raw([0xfc, 0x0b, 0x00]);
    }),
};
