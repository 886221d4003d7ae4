import { InvalidArgumentError } from "@siegert/errors";
import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import { correlationMatrix, type ReportInput, renderReport } from "../src/index.ts";

const BASE: ReportInput = {
  title: "t",
  mode: "static_isotropic",
  summary: [],
  messages: [],
  parameters: [],
  scaling: [],
  angles: [],
  provenance: [{ label: "Data", value: "file" }],
};
const figure = {
  svg: correlationMatrix({ names: ["a", "b"], matrix: Float64Array.of(1, 0.5, 0.5, 1) }),
  width: "own" as const,
};

test("a section's heading, note, tables and figures appear in order, before the provenance", () => {
  const html = renderReport({
    ...BASE,
    sections: [
      {
        id: "posterior",
        heading: "Posterior",
        note: "4 chains <of> draws",
        tables: [{ caption: "Summary", headers: ["name", "mean"], rows: [["D0", "1000(20)"]] }],
        figures: [figure, { ...figure, width: "half" }, { ...figure, width: "half" }],
      },
      { id: "empty", heading: "Nothing" },
    ],
  });
  const { document } = parseHTML(html);
  const section = document.querySelector("#posterior")!;
  expect(section.querySelector("h2")!.textContent).toBe("Posterior");
  expect(section.querySelector(".note")!.textContent).toBe("4 chains <of> draws");
  expect([...section.querySelectorAll("tbody th, tbody td")].map((cell) => cell.textContent)).toEqual([
    "D0",
    "1000(20)",
  ]);
  expect(section.querySelectorAll("figure svg").length).toBe(3);
  expect(section.querySelectorAll(".cuts figure").length).toBe(2);
  const ids = [...document.querySelectorAll("section")].map((element) => element.id);
  expect(ids.indexOf("posterior")).toBeLessThan(ids.indexOf("empty"));
  expect(ids.indexOf("empty")).toBeLessThan(ids.indexOf("provenance"));
});

test.each([["two words"], [""], ["same"]])("the id %j is refused", (id) => {
  const sections = [
    { id, heading: "A" },
    { id: "same", heading: "B" },
  ];
  expect(() => renderReport({ ...BASE, sections })).toThrow(InvalidArgumentError);
});
