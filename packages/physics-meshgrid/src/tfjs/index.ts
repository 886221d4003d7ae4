import "#register-gradients";

export { createTensorModel, type TensorModel, type TensorModelOptions } from "./tensor-model.ts";
