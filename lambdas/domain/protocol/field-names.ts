/** Names of a header field that only the connection or this gateway may set, whoever asks. */
const reserved =
  /^(?:connection|keep-alive|te|trailer|transfer-encoding|upgrade|expect|via|host|cookie|set-cookie|forwarded|accept|accept-encoding|last-event-id|mcp-.*|content-.*|proxy-.*|x-forwarded-.*|x-xct-.*|x-litellm-.*|x-amz.*)$/i;

/**
 * Whether a header field is nobody's to set: hop-by-hop (RFC 9110 §7.6.1), framing, routing, cookies, the protocol's own
 * (`mcp-*`, `accept`), and this gateway's.
 */
export const isReservedField = (name: string): boolean => reserved.test(name);

/** A field value that cannot break a line: visible ASCII, spaces and tabs inside (RFC 9110 §5.5). */
export const isFieldValue = (value: string): boolean => /^[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?$/.test(value);
