/**
 * In plain Node, @tensorflow/tfjs-core loads a CommonJS build that registers no gradients, and the modules that would
 * register them cannot be imported there. The build bundles them into this file. The registry is global, so the
 * gradients serve whichever copy of tfjs-core the program uses, and registering them again where a bundler has done so
 * already changes nothing.
 */
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
