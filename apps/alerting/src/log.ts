export type Level = 'debug' | 'info' | 'warn' | 'error';
export type Log = (level: Level, message: string, fields?: Readonly<Record<string, unknown>>) => void;

const order: readonly Level[] = ['debug', 'info', 'warn', 'error'];

/** Writes logfmt lines, `time=… level=info msg="Listening on" address=…`, to standard error. */
export function logfmt(least: Level = 'info'): Log {
  return (level, message, fields = {}) => {
    if (order.indexOf(level) < order.indexOf(least)) return;
    const pairs = Object.entries({ time: new Date().toISOString(), level, msg: message, ...fields });
    process.stderr.write(`${pairs.map(([name, value]) => `${name}=${quote(String(value))}`).join(' ')}\n`);
  };
}

function quote(text: string): string {
  return /^[^\s"=]+$/.test(text) ? text : JSON.stringify(text);
}
