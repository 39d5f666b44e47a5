import type { ResourceDefinition, ResourceTemplateDefinition } from '../definition.ts';
import { isObject } from '../protocol/jsonrpc.ts';
import { no, ok, type Result } from '../result.ts';
import { commonFault, sizeFault, textFault } from './text.ts';

/** Characters of a URI: what web servers and header fields take. */
const maxUri = 2048;
/** A scheme and something visible (RFC 3986; other alphabets are let be, as RFC 3987 has them). */
const uri = /^[A-Za-z][A-Za-z0-9+.-]*:[^\p{C}\p{Z}]+$/u;
/** A template may begin with a variable (RFC 6570). */
const uriTemplate = /^[^\p{C}\p{Z}]+$/u;

const fits = (form: RegExp, value: unknown): boolean =>
  typeof value === 'string' && value.length <= maxUri && form.test(value);

/** What resources and templates have in common beside their place. */
function fault(definition: Readonly<Record<string, unknown>>): string | undefined {
  const { name, mimeType } = definition;
  if (typeof name !== 'string') return 'it has no name';
  return (
    textFault('name', name) ??
    textFault('mimeType', mimeType) ??
    commonFault(definition) ??
    sizeFault('the definition', definition)
  );
}

/** Checks a resource as an upstream sent it; the refusal says in one phrase what is wrong with it. */
export function checkResource(definition: unknown): Result<ResourceDefinition, string> {
  if (!isObject(definition) || !fits(uri, definition['uri'])) return no('its uri is not valid');
  const wrong = fault(definition);
  return wrong === undefined ? ok(definition as unknown as ResourceDefinition) : no(wrong);
}

/** Checks a resource template as an upstream sent it, in the same way. */
export function checkTemplate(definition: unknown): Result<ResourceTemplateDefinition, string> {
  if (!isObject(definition) || !fits(uriTemplate, definition['uriTemplate'])) return no('its uriTemplate is not valid');
  const wrong = fault(definition);
  return wrong === undefined ? ok(definition as unknown as ResourceTemplateDefinition) : no(wrong);
}
