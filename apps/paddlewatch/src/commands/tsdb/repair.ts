import { Db } from '@paddlewatch/tsdb';

/** Drops what is damaged of a folder, and prints what that was. What can be read afterwards stays. */
export async function repair(dir: string, say: (line: string) => void): Promise<void> {
  let lines = 0;
  const log = (line: string) => {
    lines++;
    say(line);
  };
  const db = await Db.open({ dir, repair: 'drop', log });
  await db.close();
  say(lines === 0 ? `${dir}: nothing to repair` : `${dir} opens again`);
}
