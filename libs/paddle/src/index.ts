export type { DataType } from './data-type.ts';
export { bytesPerElement } from './data-type.ts';
export type { OnnxModel, PaddleFiles, TensorSpec } from './model.ts';
export { convertPaddle, loadPaddle } from './model.ts';
export { CorruptModelError, UnsupportedModelError } from './model-error.ts';
