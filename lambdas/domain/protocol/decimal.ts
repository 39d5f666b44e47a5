/** A JSON number as a value: `digits` without zeros at either end, times ten to `exponent`; zero has no digits. */
export interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

/** Reads JSON number text (RFC 8259 §6), which the caller has checked. */
export function decimalOf(source: string): Decimal {
  const [mantissa, power = '0'] = source.toLowerCase().split('e') as [string, string?];
  const [whole, fraction = ''] = mantissa.replace('-', '').split('.') as [string, string?];
  const all = whole + fraction;
  let start = 0;
  while (all[start] === '0') start++;
  // A loop, because /0+$/ is quadratic on a run of zeros inside.
  let end = all.length;
  while (end > start && all[end - 1] === '0') end--;
  const digits = all.slice(start, end);
  if (digits === '') return { negative: false, digits, exponent: 0 };
  return { negative: mantissa.startsWith('-'), digits, exponent: Number(power) - fraction.length + all.length - end };
}

/** Whether a double gives the number back when it is written: `1.0` and `1e2` yes, `12345678901234567890` no. */
export function survives(source: string): boolean {
  const double = Number(source);
  if (!Number.isFinite(double)) return false;
  const written = String(double);
  if (written === source) return true;
  const [before, after] = [decimalOf(source), decimalOf(written)];
  return before.digits === after.digits && before.exponent === after.exponent;
}
