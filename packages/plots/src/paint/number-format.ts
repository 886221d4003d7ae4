/** Numbers as people write them: rounded to what is known, a true minus sign, powers of ten as superscripts. */
import { InvalidArgumentError } from "@siegert/errors";

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
/** Decimal digits that float64 holds for certain. */
const EXACT_DIGITS = 15;

/** How {@link formatWithError} writes value and error. */
export type ErrorStyle = "parentheses" | "plus-minus";

/**
 * A number with a given count of significant digits, trailing zeros removed; as mantissa × 10ⁿ below 10⁻⁴ and from
 * 10⁶ on. NaN and infinities give "NaN", "∞" and "−∞".
 *
 * @param digits significant digits, 1 … 15. Default 5.
 * @throws {InvalidArgumentError} for other counts of digits.
 */
export function formatNumber(value: number, digits = 5): string {
  if (!Number.isInteger(digits) || digits < 1 || digits > EXACT_DIGITS) {
    throw new InvalidArgumentError("digits", `be an integer from 1 to ${EXACT_DIGITS}`, digits);
  }
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const [mantissa = "0", power = "0"] = value.toExponential(digits - 1).split("e");
  const exponent = Number(power);
  if (isPlain(exponent))
    return minus(trimmed(Number(`${mantissa}e${exponent}`).toFixed(Math.max(0, digits - 1 - exponent))));
  return minus(`${trimmed(mantissa)}${timesPowerOfTen(exponent)}`);
}

/**
 * A value with its standard error, both rounded at the second significant digit of the error: `1234(56)`,
 * `0.1234(56)`, `1.234(56)×10⁻⁷`, or `1234 ± 56`, `(1.234 ± 0.056)×10⁻⁷`. In parentheses the error is counted in
 * units of the last digit shown, unless it is larger than one (`12.3(4.5)`), as metrology writes it. Powers of ten
 * are used below 0.01 and from 10⁶ on.
 * Without a usable error (undefined, NaN) and with error 0 the value stands alone.
 *
 * @param value finite number.
 * @param error standard error ≥ 0; infinite gives `± ∞`.
 * @throws {InvalidArgumentError} for a value that is not finite or a negative error.
 */
export function formatWithError(value: number, error: number | undefined, style: ErrorStyle = "parentheses"): string {
  if (!Number.isFinite(value)) throw new InvalidArgumentError("value", "be finite", value);
  if (error !== undefined && error < 0) throw new InvalidArgumentError("error", "not be negative", error);
  if (error === undefined || Number.isNaN(error) || error === 0) return formatNumber(value);
  if (error === Infinity) return `${formatNumber(value)} ± ∞`;
  // Rounding may carry the error to the next power of ten, so its exponent is read after rounding.
  const roundedError = Number(error.toExponential(1));
  const place = exponentOf(roundedError) - 1;
  const exponent = Math.max(exponentOf(roundToPlace(value, place)), exponentOf(roundedError));
  const digits = exponent - place + 1;
  if (digits > EXACT_DIGITS) return `${formatNumber(value, EXACT_DIGITS)} ± ${formatNumber(error, 2)}`;
  if (exponent >= -2 && exponent < 6) {
    const decimals = Math.max(0, -place);
    return joined(roundToPlace(value, place).toFixed(decimals), roundedError.toFixed(decimals), style, "");
  }
  const decimals = exponent - place;
  const scaledValue = Number(`${roundToPlace(value, place)}`) / 10 ** exponent;
  return joined(
    scaledValue.toFixed(decimals),
    (roundedError / 10 ** exponent).toFixed(decimals),
    style,
    timesPowerOfTen(exponent),
  );
}

/** A tick label on an axis whose ticks are `step` apart: just enough decimals to tell neighbours apart. */
export function formatTick(value: number, step: number, largest: number): string {
  if (Math.abs(value) < step * 1e-6) return "0";
  const exponent = exponentOf(largest);
  const place = Math.floor(Math.log10(step) + 1e-9);
  if (isPlain(exponent)) return minus(value.toFixed(Math.max(0, -place)));
  return minus(`${(value / 10 ** exponent).toFixed(Math.max(0, exponent - place))}${timesPowerOfTen(exponent)}`);
}

function joined(value: string, error: string, style: ErrorStyle, power: string): string {
  const shown = minus(/^-0(\.0*)?$/.test(value) ? value.slice(1) : value);
  if (style === "plus-minus") return power === "" ? `${shown} ± ${error}` : `(${shown} ± ${error})${power}`;
  // 0.0056 is (56) after 0.1234; an error that crosses the decimal point keeps it: 12.3(4.5).
  const inLastDigits = Number(error) < 1 ? error.replace(/^0\.0*/, "") : error;
  return `${shown}(${inLastDigits})${power}`;
}

function isPlain(exponent: number): boolean {
  return exponent >= -4 && exponent < 6;
}

function exponentOf(value: number): number {
  return value === 0 ? -Infinity : Number(Math.abs(value).toExponential().split("e")[1]);
}

/** Rounds at the given power of ten, in decimal, so that 10 ** −20 is no obstacle. */
function roundToPlace(value: number, place: number): number {
  const exponent = exponentOf(value);
  if (exponent < place - 1) return 0;
  if (exponent === place - 1) return Math.abs(value) >= 5 * 10 ** exponent ? Math.sign(value) * 10 ** place : 0;
  return exponent - place > 20 ? value : Number(value.toExponential(exponent - place));
}

function timesPowerOfTen(exponent: number): string {
  const digits = Array.from(String(Math.abs(exponent)), (digit) => SUPERSCRIPTS[Number(digit)]).join("");
  return `×10${exponent < 0 ? "⁻" : ""}${digits}`;
}

function trimmed(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

function minus(text: string): string {
  return text.replace("-", "−");
}
