const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const shape = /^(xct_([0-9A-Za-z]{12})_([0-9A-Za-z]{32}))([0-9A-Za-z]{6})$/;

/** CRC-32 (ISO-HDLC, as in gzip, RFC 1952 §8) of each byte value. */
const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/** CRC-32 of ASCII text as six base62 digits: typing errors are found before anything is read (AU-03). */
function checksum(text: string): string {
  let crc = 0xffffffff;
  for (let i = 0; i < text.length; i++) crc = (crcTable[(crc ^ text.charCodeAt(i)) & 0xff] as number) ^ (crc >>> 8);
  let rest = (crc ^ 0xffffffff) >>> 0;
  let digits = '';
  for (let place = 0; place < 6; place++) {
    digits = alphabet.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

/** A gateway key whose shape and checksum are right; whether it exists is not known yet. */
export interface Key {
  /** 12 base62 digits, the record's id. */
  readonly id: string;
  /** 32 base62 digits; never logged or stored. */
  readonly secret: string;
  /** The whole key as it was sent; never logged or stored. */
  readonly text: string;
}

/** `xct_<id 12>_<secret 32><CRC-32 6>` from base62 parts of those lengths. */
export function makeKey(id: string, secret: string): string {
  const body = `xct_${id}_${secret}`;
  return body + checksum(body);
}

/** The parts of a key; `undefined` where a single character is wrong. */
export function readKey(text: string): Key | undefined {
  const [, body = '', id = '', secret = '', crc] = shape.exec(text) ?? [];
  return crc !== undefined && checksum(body) === crc ? { id, secret, text } : undefined;
}
