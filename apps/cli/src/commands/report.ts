import { writeSavedReport } from "@siegert/xpcs";
import { Command } from "commander";
import { examples } from "../terminal/examples.ts";
import { line, type Streams } from "../terminal/streams.ts";

/** `siegert report DIR`: the report of a fit once more, from its saved results. */
export function reportCommand(streams: Streams): Command {
  return new Command("report")
    .description("Write report.html anew from the results of a fit.")
    .argument("<folder>", "folder that `siegert fit --output` wrote")
    .addHelpText("after", examples([["siegert report results", "after moving or editing results"]]))
    .action(async (folder: string) => {
      line(streams.out, await writeSavedReport(folder));
    });
}
