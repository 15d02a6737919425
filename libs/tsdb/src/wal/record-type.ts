/** The first byte of a record; docs/formats/wal.md, "Records". */
export const recordType = {
  series: 1,
  samples: 2,
  tombstones: 3,
  exemplars: 4,
  mappedChunks: 5,
  metadata: 6,
  histograms: 7,
  floatHistograms: 8,
  customHistograms: 9,
  customFloatHistograms: 10,
} as const;

const sampleTypes: readonly number[] = [
  recordType.samples,
  recordType.histograms,
  recordType.floatHistograms,
  recordType.customHistograms,
  recordType.customFloatHistograms,
];

/** Whether a record holds samples, of any kind. */
export function holdsSamples(type: number): boolean {
  return sampleTypes.includes(type);
}

/** Types that Prometheus has, up to histograms with start times. */
const newestType = 13;

/** Samples and histograms with start times, which we cannot read: to pass over them would hide them. */
export function isUnreadable(record: Uint8Array): boolean {
  return record[0]! > recordType.customFloatHistograms && record[0]! <= newestType;
}

/** A type that nobody has is damage: the checksum of a fragment does not cover its compression bit. */
export function isKnownRecord(record: Uint8Array): boolean {
  return record.length > 0 && record[0]! >= 1 && record[0]! <= newestType;
}
