/**
 * How the cells of a summary are rounded, by ArviZ's rules: effective sizes down to whole draws, standard errors to two
 * digits, an estimate with a standard error to the first digit of twice that error, all else to two digits. R-hat
 * has three decimals here, not two: its limit is 1.01.
 */

/** Significant digits of what has no error of its own. */
const DIGITS = 2;

/** One text per column. */
export function formatCells(columns: readonly string[], values: readonly number[]): string[] {
  return columns.map((column, k) => {
    const value = values[k]!;
    if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
    if (column.startsWith("ess_") || column === "min_ss") return String(Math.floor(value));
    if (column === "r_hat") return value < 1e3 ? value.toFixed(3) : general(value, 4);
    const error = values[columns.indexOf(`mcse_${column}`)];
    return error === undefined || !Number.isFinite(error) ? general(value, DIGITS) : withError(value, error);
  });
}

/** The value with as many decimals as twice its error has leading zeros behind the point; 1.23e+4 when it has none. */
function withError(value: number, error: number): string {
  const decimals = error === 0 ? 0 : -Math.floor(Math.log10(2 * Math.abs(error)));
  if (decimals < 0) return value.toExponential(2);
  return decimals > 15 ? general(value, 6) : general(Number(value.toFixed(decimals)), 6);
}

/** Rounded to significant digits without trailing zeros; powers of ten below 10⁻⁴ and from 10⁶ on. */
function general(value: number, digits: number): string {
  if (value === 0) return "0";
  const rounded = Number(value.toPrecision(digits));
  const size = Math.abs(rounded);
  return size >= 1e-4 && size < 1e6 ? String(rounded) : rounded.toExponential();
}
