import type { ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = {
  resolve: { conditions: ["@siegert/source", "module", "node", "development|production"] },
  ssr: { resolve: { conditions: ["@siegert/source", "module", "node", "development|production"] } },
  test: {
    include: ["packages/*/test/**/*.test.ts", "apps/*/test/**/*.test.ts", "tests/*/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**"],
    testTimeout: 60_000,
    execArgv: ["--conditions=@siegert/source"],
    reporters: process.env["SIEGERT_REPORT"] ? ["default", "json"] : ["default"],
    ...(process.env["SIEGERT_REPORT"] ? { outputFile: { json: process.env["SIEGERT_REPORT"] } } : {}),
  },
};

export default config;
