/** Bytes of UTF-8 in a text. */
export const bytesIn = (text: string): number => new TextEncoder().encode(text).length;

/** A text of at most `maxBytes` of UTF-8; what was cut says so at its end. */
export function cutText(text: string, maxBytes: number): string {
  // No text of a third of the characters can be longer.
  if (text.length * 3 <= maxBytes) return text;
  const whole = bytesIn(text);
  if (whole <= maxBytes) return text;
  const mark = `\n[cut here by the gateway: ${whole} bytes, more than the ${maxBytes} that fit]`;
  const room = new Uint8Array(Math.max(0, maxBytes - mark.length));
  return text.slice(0, new TextEncoder().encodeInto(text, room).read) + mark;
}
