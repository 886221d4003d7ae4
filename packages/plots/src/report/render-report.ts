import { correlationMatrix } from "../figure/correlation-matrix.ts";
import { element, trusted } from "../paint/markup.ts";
import { angleSections } from "./angle-section.ts";
import { extraSections } from "./extra-section.ts";
import { messagesSection, reportHeader } from "./header-part.ts";
import { page, section } from "./page.ts";
import { parameterSection, scalingSection } from "./parameter-section.ts";
import { provenanceSection } from "./provenance-section.ts";
import { checkReport, hasCorrelation, type ReportInput } from "./report-input.ts";

/**
 * The report of a fit as one HTML document: summary, messages, parameters, scaling, for every angle the maps of
 * data, fit and residuals with cuts and histogram, correlations, provenance. It needs no network and no script and
 * prints well. The same input gives the same string.
 *
 * @throws {InvalidArgumentError} naming the entry at fault: maps of another size than n * n, numbers that are not
 * finite where they must be, correlations beyond ±1.
 */
export function renderReport(input: ReportInput): string {
  checkReport(input);
  return page(
    input.title,
    reportHeader(input),
    element(
      "main",
      {},
      messagesSection(input.messages),
      parameterSection(input.parameters),
      scalingSection(input.scaling),
      angleSections(input.angles, input.sigma),
      hasCorrelation(input)
        ? section(
            "correlation",
            "Correlation of the parameters",
            element("figure", { class: "matrix" }, trusted(correlationMatrix(input.correlation))),
          )
        : undefined,
      extraSections(input.sections ?? []),
      provenanceSection(input.provenance),
    ),
  );
}
