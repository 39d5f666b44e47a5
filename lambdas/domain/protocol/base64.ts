/** Base64 (RFC 4648 §4) of the UTF-8 bytes of a text. */
export const utf8ToBase64 = (text: string): string =>
  btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''));

/** The text whose UTF-8 bytes a base64 string holds; `undefined` where it is not base64 or not UTF-8. */
export function base64ToUtf8(encoded: string): string | undefined {
  try {
    const bytes = Uint8Array.from(atob(encoded), (char) => char.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
