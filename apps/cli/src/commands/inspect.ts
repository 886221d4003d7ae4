import { openDataSource } from "@siegert/xpcs";
import { Command } from "commander";
import { examples } from "../terminal/examples.ts";
import { line, type Streams } from "../terminal/streams.ts";
import { table } from "../terminal/table.ts";

/** `siegert inspect FILE`: what a data file holds, without reading its maps. */
export function inspectCommand(streams: Streams): Command {
  return new Command("inspect")
    .description("Show what a data file holds: layout, frames, q values, angles.")
    .argument("<file>", "HDF5 (APS-U, APS legacy, exchange, flat), .npy or .npz")
    .option("--json", "print JSON")
    .addHelpText("after", examples([["siegert inspect scan.h5", "before writing a configuration"]]))
    .action(async (path: string, { json = false }: { json?: boolean }) => {
      const source = await openDataSource(path);
      try {
        const { format, frames, dt, timesProblem, qValues, entries } = source;
        if (json) {
          const maps = entries.map(({ q, phi, label }) => ({ q: q ?? null, phi: phi ?? null, label }));
          line(streams.out, JSON.stringify({ path, format, frames, dt: dt ?? null, qValues, maps }, null, 2));
          return;
        }
        line(streams.out, `${path}: ${format}, ${entries.length} map(s) of ${frames} × ${frames} frames`);
        line(
          streams.out,
          dt === undefined
            ? `Time between frames: unknown; ${timesProblem ?? "the file has no times"}`
            : `Time between frames: ${dt} s`,
        );
        const columns = [
          { heading: "map" },
          { heading: "q (1/Å)", isNumber: true },
          { heading: "angle (deg)", isNumber: true },
        ];
        const rows = entries.map(({ q, phi, label }) => [
          label,
          q === undefined ? "?" : String(q),
          phi === undefined ? "?" : String(Number(phi.toFixed(4))),
        ]);
        line(streams.out, `\n${table(columns, rows)}`);
      } finally {
        await source.close();
      }
    });
}
