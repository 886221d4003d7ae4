export { resume, sample } from "../src/index.ts";
