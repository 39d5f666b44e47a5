/** Milliseconds since the epoch. */
export type Clock = () => number;

/** SHA-256 of a text, hex. */
export type Digest = (text: string) => string;

/** Writes the line of one call. */
export type Account = (line: Readonly<Record<string, string | number | undefined>>) => void;
