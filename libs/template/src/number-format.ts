import { formatValue } from '@paddlewatch/model';

export type FloatVerb = 'e' | 'f' | 'g';

/** Go's strconv.FormatFloat: a negative precision means as few digits as the value needs. */
export function formatFloat(value: number, verb: FloatVerb, precision: number): string {
  if (!Number.isFinite(value)) return formatValue(value);
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const size = Math.abs(value);
  switch (verb) {
    case 'f':
      return sign + (precision < 0 ? plainDecimal(size) : fixed(size, precision));
    case 'e':
      return sign + scientific(size, precision);
    case 'g':
      return sign + general(size, precision);
  }
}

/** Number.prototype.toFixed gives up at 1e21, above which every float64 is a whole number. */
function fixed(size: number, precision: number): string {
  if (size < 1e21) return toEven((digits) => size.toFixed(digits), Math.min(precision, 70));
  return BigInt(size).toString() + (precision > 0 ? `.${'0'.repeat(precision)}` : '');
}

function scientific(size: number, precision: number): string {
  const text =
    precision < 0
      ? size.toExponential()
      : toEven((digits) => size.toExponential(digits), Math.min(precision, 70));
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}

/** %e for exponents below -4 or from the precision on, else %f; a free precision counts as 6 in that decision. */
function general(size: number, precision: number): string {
  const digits = precision === 0 ? 1 : precision;
  const text =
    digits < 0
      ? size.toExponential()
      : toEven((count) => size.toExponential(count), Math.min(digits, 70) - 1);
  const at = text.indexOf('e');
  const exponent = Number(text.slice(at + 1));
  const significand = text
    .slice(0, at)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
  const count = significand.replace('.', '').length;
  const limit = digits < 0 ? 6 : digits > count && count > exponent ? count : digits;
  if (exponent >= -4 && exponent < limit) return plainDecimal(Number(`${significand}e${exponent}`));
  return `${significand}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** A decimal without an exponent, and no digit more than the value needs. */
function plainDecimal(size: number): string {
  const text = String(size);
  if (!text.includes('e')) return text;
  if (size >= 1e21) return BigInt(size).toString();
  const [digits, exponent] = text.split('e') as [string, string];
  return `0.${'0'.repeat(-Number(exponent) - 1)}${digits.replace('.', '')}`;
}

/** JavaScript rounds a tie up, Go to the even digit. Thirty more digits tell a tie: a float64 has no shorter expansion. */
function toEven(format: (digits: number) => string, digits: number): string {
  const longer = format(digits + 30);
  const mantissa = longer.replace(/e.*/, '');
  const cut = mantissa.slice(0, -30);
  const tie = mantissa.slice(-30) === `5${'0'.repeat(29)}`;
  if (!tie || !/[02468]\.?$/.test(cut)) return format(digits);
  return cut.replace(/\.$/, '') + longer.slice(mantissa.length);
}
