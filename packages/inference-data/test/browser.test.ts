import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, extname, join } from "node:path";
import { inflateSync } from "node:zlib";
import { build } from "vite";
import { expect, test } from "vitest";
import { fromJsonText, fromNetcdf } from "../src/index.ts";
import files from "./fixtures/arviz_files.json" with { type: "json" };
import { sampleData } from "./sample-data.ts";

const arvizFile = inflateSync(Buffer.from(files["arviz-1-netcdf4"], "base64"));

function findChromium(): string | undefined {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find((path) => existsSync(path));
}

/** The page bundled with what it imports, in a folder. */
async function bundle(folder: string): Promise<void> {
  await build({
    root: import.meta.dirname,
    configFile: false,
    logLevel: "error",
    resolve: { conditions: ["@siegert/source", "browser", "module"] },
    build: {
      outDir: folder,
      minify: false,
      lib: { entry: join(import.meta.dirname, "fixtures/browser-page.ts"), formats: ["es"], fileName: "page" },
    },
  });
  writeFileSync(join(folder, "arviz.nc"), arvizFile);
}

/** Opens the page in headless Chromium and resolves to what it posts. */
async function resultOfPage(chromium: string, folder: string): Promise<Record<string, string>> {
  let onPosted!: (result: Record<string, string>) => void;
  const posted = new Promise<Record<string, string>>((resolve) => {
    onPosted = resolve;
  });
  const main = ["page.js", "page.mjs"].find((name) => existsSync(join(folder, name)));
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url!, "http://localhost");
    if (pathname === "/result") {
      const pieces: Buffer[] = [];
      request.on("data", (piece: Buffer) => pieces.push(piece));
      request.on("end", () => {
        response.end();
        onPosted(JSON.parse(Buffer.concat(pieces).toString()));
      });
    } else if (pathname === "/") {
      response.writeHead(200, { "Content-Type": "text/html" });
      response.end(`<!doctype html><script type="module" src="/${main}"></script>`);
    } else if (existsSync(join(folder, pathname))) {
      const type = extname(pathname) === ".nc" ? "application/octet-stream" : "text/javascript";
      response.writeHead(200, { "Content-Type": type }).end(readFileSync(join(folder, pathname)));
    } else response.writeHead(404).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"];
  const browser = spawn(chromium, [...flags, `--user-data-dir=${join(folder, "profile")}`, address], {
    stdio: "ignore",
  });
  const ended = once(browser, "exit");
  try {
    const early = ended.then(() => Promise.reject(new Error("the browser ended before the page had a result")));
    return await Promise.race([posted, early]);
  } finally {
    browser.kill();
    await ended;
    server.closeAllConnections();
    server.close();
  }
}

const chromium = findChromium();

test.skipIf(!chromium)("in headless Chromium: the same data, through every format", async () => {
  const folder = mkdtempSync(join(tmpdir(), "siegert-inference-data-"));
  try {
    await bundle(folder);
    const result = await resultOfPage(chromium!, folder);
    expect(result["failed"]).toBeUndefined();
    expect(await fromNetcdf(Buffer.from(result["netcdf"]!, "hex"))).toEqual(sampleData());
    for (const format of ["throughNetcdf", "throughNpz", "throughJson"]) {
      expect(fromJsonText(result[format]!)).toEqual(sampleData());
    }
    expect(fromJsonText(result["arviz"]!)).toEqual(await fromNetcdf(arvizFile));
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
});
