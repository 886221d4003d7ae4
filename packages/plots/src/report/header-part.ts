import { type Child, element, type Markup } from "../paint/markup.ts";
import { section } from "./page.ts";
import type { ReportEntry, ReportInput, ReportMessage } from "./report-input.ts";

/** Colour of the verdict by its first word; others are neutral. */
const VERDICTS: Readonly<Record<string, string>> = { good: "good", marginal: "marginal", poor: "poor", failed: "poor" };

/** Title, subtitle, model and verdict, and the cards of the summary. */
export function reportHeader({ title, subtitle, mode, summary }: ReportInput): Markup {
  const quality = summary.find((entry) => entry.label.trim().toLowerCase() === "quality")?.value;
  return element(
    "header",
    {},
    element("h1", {}, title),
    subtitle === undefined ? undefined : element("p", { class: "subtitle" }, subtitle),
    element(
      "ul",
      { class: "badges", "aria-label": "Model and verdict" },
      element("li", { class: "badge mode" }, `model: ${mode}`),
      quality === undefined ? undefined : element("li", { class: verdictClass(quality) }, `fit quality: ${quality}`),
    ),
    summary.length === 0 ? undefined : cards(summary),
  );
}

/** The messages, the gravest first, each with its level in words. */
export function messagesSection(messages: readonly ReportMessage[]): Child {
  if (messages.length === 0) return undefined;
  const items = (["error", "warning", "info"] as const).flatMap((level) =>
    messages
      .filter((message) => message.level === level)
      .map(({ text }) => element("li", { class: level }, element("strong", {}, `${LEVELS[level]}: `), text)),
  );
  return section("messages", "Messages", element("ul", { class: "messages" }, items));
}

const LEVELS = { error: "Error", warning: "Warning", info: "Note" } as const;

function cards(summary: readonly ReportEntry[]): Markup {
  return element(
    "dl",
    { class: "cards", "aria-label": "Summary" },
    summary.map(({ label, value }) => element("div", {}, element("dt", {}, label), element("dd", {}, value))),
  );
}

function verdictClass(quality: string): string {
  const word =
    quality
      .trim()
      .toLowerCase()
      .split(/[^a-z]/)[0] ?? "";
  return `badge verdict ${VERDICTS[word] ?? ""}`.trimEnd();
}
