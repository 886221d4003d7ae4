/**
 * Stands in for `register-gradients.ts` when the sources run without a build: lets Node find the modules of tfjs-core
 * that import each other without file extensions, for as long as it takes to load them.
 */
interface ModuleHooks {
  registerHooks?: (hooks: { resolve: (specifier: string, context: Context, next: Resolve) => unknown }) => {
    deregister(): void;
  };
}
interface Context {
  readonly parentURL?: string;
}
type Resolve = (specifier: string, context: Context) => unknown;
interface Host {
  readonly process?: { readonly getBuiltinModule?: (name: string) => ModuleHooks | undefined };
}

const hooks = (globalThis as Host).process?.getBuiltinModule?.("node:module")?.registerHooks?.({
  resolve: (specifier, context, next) => {
    const isWithin = context.parentURL?.includes("/tfjs-core/dist/") && specifier.startsWith(".");
    return next(isWithin && !specifier.endsWith(".js") ? `${specifier}.js` : specifier, context);
  },
});
try {
  await import("@tensorflow/tfjs-core/dist/register_all_gradients.js");
} finally {
  hooks?.deregister();
}

export {};
