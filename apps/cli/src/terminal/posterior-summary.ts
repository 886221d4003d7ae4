import { formatNumber, formatWithError } from "@siegert/plots";
import type { PosteriorResult } from "@siegert/xpcs";
import { table } from "./table.ts";

/** The verdict and a line per quantity. */
export function posteriorSummary({ table: summary, posterior, diagnosis, run, seconds }: PosteriorResult): string {
  const { chains, draws } = posterior.draws;
  const gradients = run.chains.reduce((sum, chain) => sum + chain.gradients, 0);
  const verdict = `${diagnosis.verdict} ${chains} chains of ${draws} draws, ${gradients} gradients in ${seconds.toFixed(1)} s.`;
  return `${verdict}\n\n${estimateRows({ posterior, table: summary })}`;
}

/** A line per quantity of draws. */
export function estimateRows({ posterior, table: summary }: Pick<PosteriorResult, "posterior" | "table">): string {
  const columns = [
    { heading: "posterior" },
    { heading: "mean(sd)", isNumber: true },
    { heading: "89 % interval", isNumber: true },
    { heading: "unit" },
    { heading: "ESS", isNumber: true },
    { heading: "R-hat", isNumber: true },
  ];
  const rows = summary.rows.map(({ label }) => {
    const of = (column: string) => summary.get(label, column);
    const bound = (column: string) => toTheErrorsDigits(of(column), of("sd"));
    const interval = `${bound("eti89_lb")} … ${bound("eti89_ub")}`;
    const unit = posterior.units.get(label) ?? "";
    return [
      label,
      formatWithError(of("mean"), of("sd")),
      interval,
      unit,
      of("ess_bulk").toFixed(0),
      of("r_hat").toFixed(3),
    ];
  });
  return table(columns, rows);
}

/** A value to the second digit of its standard deviation. */
function toTheErrorsDigits(value: number, sd: number): string {
  const order = (x: number) => Math.floor(Math.log10(Math.abs(x)));
  const digits = value !== 0 && sd > 0 ? order(value) - order(sd) + 2 : 4;
  return formatNumber(value, Math.min(Math.max(digits, 1), 15));
}
