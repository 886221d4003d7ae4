import { fitCorrelation } from "@siegert/xpcs";
import { median } from "../measure.ts";
import type { Measurement } from "./simulated-data.ts";

/** Seconds of a whole fit from the registry's default values: median of five. */
export async function fitSeconds({ model, experiment, maps }: Measurement): Promise<number> {
  const seconds: number[] = [];
  for (let run = 0; run < 5; run++) {
    const result = await fitCorrelation({
      model,
      experiment,
      c2: (angle) => maps[angle]!,
      parameters: model.parameters.map((p) => ({ start: p.default, lower: p.lower, upper: p.upper, isFree: true })),
      scalingMode: "individual",
    });
    if (result.quality !== "good") throw new Error(`the fit is ${result.quality}: its time means nothing`);
    seconds.push(result.wallSeconds);
  }
  return median(seconds);
}
