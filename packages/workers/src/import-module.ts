/** Modules that a worker has built in, by name: for bundles, where modules have no URLs of their own. */
export type ModuleRegistry = Readonly<Record<string, () => Promise<object>>>;

/**
 * The exports of a module. Bundlers must leave this import alone: what it loads is not known to them, and what they know
 * belongs into the registry.
 */
export async function importModule(module: string, registry: ModuleRegistry): Promise<Record<string, unknown>> {
  const loaded: object = Object.hasOwn(registry, module)
    ? await registry[module]!()
    : await import(/* @vite-ignore */ /* webpackIgnore: true */ module);
  return loaded as Record<string, unknown>;
}
