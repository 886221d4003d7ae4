import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { createServer } from "vite";

/** The browser of this machine, if it has one. */
export function findChromium(): string | undefined {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find((path) => existsSync(path));
}

const DEADLINE_MS = 110_000;

/**
 * Serves the sources of the workspace, has a page call the export `call` of a module in headless Chromium, and resolves
 * to the JSON that it gave.
 *
 * @param folder for the browser's profile and the server's cache; the caller removes it.
 */
export async function resultInChromium(
  chromium: string,
  { module, call, root, folder }: Readonly<Record<"module" | "call" | "root" | "folder", string>>,
): Promise<unknown> {
  let onResult!: (text: string) => void;
  const result = new Promise<string>((resolve) => {
    onResult = resolve;
  });
  const server = await sourceServer(root, folder, pageOf(module, call), onResult);
  const flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"];
  const browser = spawn(
    chromium,
    [...flags, `--user-data-dir=${join(folder, "profile")}`, server.resolvedUrls!.local[0]!],
    {
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the page gave no result within ${DEADLINE_MS} ms`)), DEADLINE_MS);
  });
  try {
    return JSON.parse(await Promise.race([result, endOf(browser), deadline]));
  } finally {
    clearTimeout(timer);
    browser.kill();
    // Closed, not only ended: once the last of its processes is gone, nothing writes to the folder.
    if (!browser.stderr!.closed) await once(browser, "close");
    await server.close();
  }
}

function pageOf(module: string, call: string): string {
  return `<!doctype html><script type="module">
    const post = (result) => fetch("/result", { method: "POST", body: JSON.stringify(result) });
    import(${JSON.stringify(module)})
      .then((page) => page[${JSON.stringify(call)}]())
      .then(post, (error) => post({ crashed: String(error?.stack ?? error) }));
    </script>`;
}

async function sourceServer(root: string, folder: string, page: string, onResult: (text: string) => void) {
  const server = await createServer({
    root,
    configFile: false,
    logLevel: "error",
    appType: "custom",
    cacheDir: join(folder, "cache"),
    resolve: { conditions: ["@siegert/source", "module", "browser", "development|production"] },
    // The one package on the way that is no ES module.
    optimizeDeps: { noDiscovery: true, include: ["vitest > expect-type"] },
    server: { host: "127.0.0.1", port: 0, hmr: false, watch: null, fs: { allow: [root, folder] } },
    plugins: [
      {
        name: "page-and-result",
        configureServer({ middlewares }) {
          middlewares.use("/result", (request, response) => {
            let text = "";
            request.on("data", (piece) => {
              text += String(piece);
            });
            request.on("end", () => {
              response.end();
              onResult(text);
            });
          });
          middlewares.use((request, response, next) => {
            if (request.url !== "/") return next();
            response.setHeader("Content-Type", "text/html");
            response.end(page);
          });
        },
      },
    ],
  });
  return server.listen();
}

async function endOf(browser: ChildProcess): Promise<never> {
  let said = "";
  browser.stderr!.on("data", (text) => {
    said += String(text);
  });
  await once(browser, "exit");
  throw new Error(`the browser ended before the page had a result:\n${said}`);
}
