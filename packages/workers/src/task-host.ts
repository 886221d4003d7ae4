/** The side of a thread that runs tasks: loads modules, instantiates programs, calls functions, answers. */
import { importModule, type ModuleRegistry } from "./import-module.ts";
import { callProgram } from "./program-call.ts";
import type { RunModule, RunProgram, ToThread } from "./protocol.ts";
import { serialiseError } from "./serialised-error.ts";
import type { TaskFunction } from "./task.ts";
import { createTaskContext, type Post } from "./task-context.ts";
import { unclonableError } from "./unclonable.ts";

interface Program {
  readonly module: WebAssembly.Module;
  instance: WebAssembly.Instance | undefined;
}

/** Runs what a pool sends. */
export class TaskHost {
  private readonly post: Post;
  private readonly registry: ModuleRegistry;
  private readonly modules = new Map<string, Promise<Record<string, unknown>>>();
  private readonly programs = new Map<number, Program>();
  private readonly controllers = new Map<number, AbortController>();
  private stopFlag: Int32Array | undefined;

  constructor(post: Post, registry: ModuleRegistry) {
    this.post = post;
    this.registry = registry;
  }

  /** Takes a message of the pool. Never throws: what goes wrong is posted. */
  receive(message: ToThread): void {
    switch (message.kind) {
      case "setup":
        this.stopFlag = message.stopFlag;
        this.post({ kind: "ready" });
        return;
      case "program":
        this.programs.set(message.key, { module: message.module, instance: undefined });
        return;
      case "stop":
        this.controllers.get(message.id)?.abort(new DOMException(message.reason, "AbortError"));
        return;
      default:
        void this.run(message);
    }
  }

  /** Aborts whatever runs: nobody waits for it any more. */
  abandon(): void {
    for (const controller of this.controllers.values()) controller.abort(new DOMException("abandoned", "AbortError"));
  }

  private async run(run: RunModule | RunProgram): Promise<void> {
    try {
      if (run.kind === "run-program") {
        const result = callProgram(this.instance(run.program, run.id), run);
        this.post({ kind: "result", id: run.id, value: result }, [result.bytes.buffer]);
      } else {
        await this.runModule(run);
      }
    } catch (thrown) {
      this.post({ kind: "error", id: run.id, error: serialiseError(thrown) });
    } finally {
      this.controllers.delete(run.id);
    }
  }

  private async runModule(run: RunModule): Promise<void> {
    const controller = new AbortController();
    this.controllers.set(run.id, controller);
    const taskFunction = await this.findFunction(run);
    if (!taskFunction) return;
    const instantiate = (name: string, imports?: WebAssembly.Imports) => {
      const key = run.programs[name];
      if (key !== undefined) return this.instance(key, run.id, imports);
      const known = Object.keys(run.programs).join(", ") || "none";
      throw new Error(`the task carries no WebAssembly program ${JSON.stringify(name)}; it has: ${known}`);
    };
    const context = createTaskContext(run, this.post, controller, this.stopFlag, instantiate);
    context.signal.throwIfAborted();
    this.postResult(run.id, await taskFunction(run.argument, context));
  }

  private postResult(id: number, returned: unknown): void {
    const { value, transfer } = isTransferring(returned) ? returned : { value: returned, transfer: [] };
    try {
      this.post({ kind: "result", id, value }, transfer);
    } catch {
      throw unclonableError(value, "result");
    }
  }

  /** The task's function; `undefined` after saying that there is none. */
  private async findFunction(run: RunModule): Promise<TaskFunction | undefined> {
    let loaded: Record<string, unknown>;
    try {
      loaded = await this.load(run);
    } catch (thrown) {
      const text = `the worker could not load module ${shortened(run.module)}`;
      this.post({ kind: "no-function", id: run.id, text, cause: serialiseError(thrown) });
      return undefined;
    }
    const found = loaded[run.export];
    if (typeof found === "function") return found as TaskFunction;
    const names = Object.keys(loaded).join(", ") || "nothing";
    const text = `module ${shortened(run.module)} exports no function ${JSON.stringify(run.export)}; it exports: ${names}`;
    this.post({ kind: "no-function", id: run.id, text });
    return undefined;
  }

  private load(run: RunModule): Promise<Record<string, unknown>> {
    const known = this.modules.get(run.module);
    if (known) return known;
    const loading = importModule(run.module, this.registry);
    this.modules.set(run.module, loading);
    loading.then(
      () => this.post({ kind: "module-loaded", id: run.id }),
      () => this.modules.delete(run.module),
    );
    return loading;
  }

  private instance(key: number, id: number, imports?: WebAssembly.Imports): WebAssembly.Instance {
    const program = this.programs.get(key)!;
    if (!program.instance) {
      program.instance = new WebAssembly.Instance(program.module, imports);
      this.post({ kind: "instantiated", id });
    }
    return program.instance;
  }
}

/** Data URLs can be long: a message shows how they begin. */
export function shortened(module: string): string {
  return module.length > 100 ? `${module.slice(0, 97)}...` : module;
}

function isTransferring(returned: unknown): returned is { value: unknown; transfer: readonly Transferable[] } {
  if (typeof returned !== "object" || returned === null) return false;
  const keys = Object.keys(returned);
  return keys.length === 2 && "value" in returned && "transfer" in returned && Array.isArray(returned.transfer);
}
