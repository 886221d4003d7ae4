import type { Verdict } from "@siegert/pt-tempering";
import type { TemperedModel } from "./tempered-model.ts";

/** A verdict in words; of log Z with what it is relative to, where the file's log Z is relative to something else. */
export function verdictText({ about, message }: Verdict, { logReference }: TemperedModel): string {
  return about === "evidence" && logReference !== 0 ? `Relative to β = 0: ${message}` : message;
}
