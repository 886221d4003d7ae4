import { must } from "../must.ts";

/** Starts and stops a CPU profile. */
export interface Profiler {
  start(): void | Promise<void>;
  stop(): void | Promise<void>;
}

interface InspectorSession {
  connect(): void;
  disconnect(): void;
  post(method: string, callback: (error: Error | null, result: { readonly profile?: object }) => void): void;
}

interface NodeProcess {
  getBuiltinModule?(name: string): unknown;
}

/**
 * A profiler for the option `profile` that writes the .cpuprofile file that Chrome DevTools opens.
 * @throws {InvalidArgumentError} where there is no inspector, as in a browser: profile with its own tools there.
 */
export function fileProfiler(path: string): Profiler {
  const host = (globalThis as unknown as { readonly process?: NodeProcess }).process;
  const inspector = host?.getBuiltinModule?.("node:inspector") as
    | { readonly Session: new () => InspectorSession }
    | undefined;
  const files = host?.getBuiltinModule?.("node:fs/promises") as
    | { writeFile(path: string, text: string): Promise<void> }
    | undefined;
  must(inspector && files, "path", "be given in Node only: elsewhere profile with the browser's own tools", path);
  const session = new inspector.Session();
  const post = (method: string) =>
    new Promise<{ readonly profile?: object }>((resolve, reject) => {
      session.post(method, (error, result) => (error ? reject(error) : resolve(result)));
    });
  return {
    async start() {
      session.connect();
      await post("Profiler.enable");
      await post("Profiler.start");
    },
    async stop() {
      const { profile } = await post("Profiler.stop");
      session.disconnect();
      await files.writeFile(path, JSON.stringify(profile));
    },
  };
}
