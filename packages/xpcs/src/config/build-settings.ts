import type { GivenKeys } from "./collect-keys.ts";
import type { Leaf, SchemaNode, Section } from "./schema.ts";
import type { YamlSource } from "./yaml-source.ts";

/** Reads the settings that a section describes: what the file gives, else the defaults. Bad values become problems. */
export function buildSettings<Settings>(
  source: YamlSource,
  schema: Section<Settings>,
  given: GivenKeys,
  path = "",
): Settings {
  const settings: Record<string, unknown> = {};
  for (const [name, node] of Object.entries(schema.fields as Record<string, SchemaNode>)) {
    const at = path === "" ? name : `${path}.${name}`;
    if (node.kind === "section") settings[camelCase(name)] = buildSettings(source, node, given, at);
    else if (node.kind === "leaf") settings[camelCase(name)] = readLeaf(source, node, given, at);
  }
  return settings as Settings;
}

function readLeaf(source: YamlSource, leaf: Leaf<unknown>, given: GivenKeys, path: string): unknown {
  const key = given.get(path);
  if (key === undefined) return leaf.initial;
  const value = source.valueOf(key.node);
  if (value === null) return leaf.initial;
  const result = leaf.read({ source, path: key.written, node: key.node, value });
  if (typeof result !== "string") return result.value;
  source.complain(source.positionOf(key.node), key.written, `must ${result}`);
  return leaf.initial;
}

function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
