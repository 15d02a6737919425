import { BlockError } from '../../src/block/block-error.ts';
import { FragmentFault } from '../../src/wal/fragments.ts';
import type { Random } from '../random.ts';
import { chunkDecoders } from './chunks.ts';
import { fileDecoders } from './files.ts';
import { indexDecoders } from './index-parts.ts';
import { recordDecoders } from './records.ts';

/** Something that reads bytes that may be damaged. */
export interface Decoder {
  /** Makes an input and reads it. @throws BlockError, FragmentFault or a RangeError in our words where it is refused. */
  feed(random: Random): void;
  close?(): void;
}

/** Every decoder of the database by its name. Checksums are mended after the damage, so that it comes through. */
const decoders = { ...chunkDecoders, ...recordDecoders, ...fileDecoders, ...indexDecoders } satisfies Record<
  string,
  () => Decoder
>;

export type DecoderName = keyof typeof decoders;
export const decoderNames = Object.keys(decoders) as DecoderName[];

export interface OpenDecoder {
  /** False where the input was refused by name. @throws what is not such an error. */
  feed(random: Random): boolean;
  close(): void;
}

export function openDecoder(name: DecoderName): OpenDecoder {
  const decoder: Decoder = decoders[name]();
  return {
    feed(random) {
      try {
        decoder.feed(random);
        return true;
      } catch (error) {
        if (isNamed(error)) return false;
        throw error;
      }
    },
    close: () => decoder.close?.(),
  };
}

/** Our RangeErrors say what cannot be done; those of the engine («Invalid array length») are crashes. */
function isNamed(error: unknown): boolean {
  if (error instanceof BlockError || error instanceof FragmentFault) return true;
  return error instanceof RangeError && error.message.startsWith('cannot ');
}
