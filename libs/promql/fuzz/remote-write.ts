import { staleBits } from '@paddlewatch/model';
import type { Series } from './world.ts';

/** A remote-write 1.0 request: protobuf, as one snappy block of literals. */
export function encodeWrite(series: readonly Series[]): Buffer {
  return snappyLiterals(Buffer.concat(series.map((one) => field(1, encodeSeries(one)))));
}

/** TimeSeries { labels = 1 { name = 1, value = 2 }, samples = 2 { value double = 1, timestamp = 2 } }. */
function encodeSeries({ labels, samples }: Series): Buffer {
  const parts: Buffer[] = [];
  for (let i = 0; i < labels.length; i += 2)
    parts.push(field(1, Buffer.concat([text(1, labels[i]!), text(2, labels[i + 1]!)])));
  for (const { t, v } of samples) {
    const value = Buffer.alloc(9);
    value[0] = (1 << 3) | 1;
    if (v === undefined) value.writeBigUInt64LE(staleBits, 1);
    else value.writeDoubleLE(v, 1);
    parts.push(field(2, Buffer.concat([value, Buffer.from([2 << 3]), varint(t)])));
  }
  return Buffer.concat(parts);
}

function text(number: number, value: string): Buffer {
  return field(number, Buffer.from(value));
}

function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2]), varint(content.length), content]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

const longestLiteral = 65_536;

function snappyLiterals(raw: Buffer): Buffer {
  const parts = [varint(raw.length)];
  for (let at = 0; at < raw.length; at += longestLiteral) {
    const literal = raw.subarray(at, at + longestLiteral);
    const tag = Buffer.from([61 << 2, 0, 0]);
    tag.writeUInt16LE(literal.length - 1, 1);
    parts.push(tag, literal);
  }
  return Buffer.concat(parts);
}
