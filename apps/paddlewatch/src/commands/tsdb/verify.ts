import path from 'node:path';
import { blockSummaries, verifyBlock } from '@paddlewatch/tsdb';

/** Reads every block from end to end and prints what is wrong with it. Whether all are sound. */
export function verify(dir: string): boolean {
  let sound = true;
  for (const { meta } of blockSummaries(dir)) {
    const faults = verifyBlock(path.join(dir, meta.ulid));
    for (const fault of faults) console.log(fault);
    console.log(`${meta.ulid}: ${faults.length === 0 ? 'sound' : `${faults.length} faults`}`);
    sound &&= faults.length === 0;
  }
  return sound;
}
