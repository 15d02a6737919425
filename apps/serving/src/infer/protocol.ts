import type { TensorSpec } from '@paddlewatch/paddle';
import type { Tensors } from '../tensor.ts';

/** What the main thread and an inference worker say to each other. */
export interface WorkerData {
  readonly models: readonly ModelSource[];
  readonly threads: number;
}

export interface ModelSource {
  readonly name: string;
  readonly version: string;
  /** A folder with one model, or a program file. */
  readonly path: string;
}

/** What a worker learnt by loading one model and running it once on zeros. */
export interface LoadedModel {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly loadSeconds: number;
  readonly firstInferenceSeconds: number;
}

export interface RunMessage {
  readonly id: number;
  /** Index into `WorkerData.models`. */
  readonly model: number;
  readonly inputs: Tensors;
}

export type WorkerMessage =
  | { readonly kind: 'ready'; readonly models: readonly LoadedModel[] }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'done'; readonly id: number; readonly outputs: Tensors; readonly seconds: number }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };
