/*
 * Values of API Gateway's API keys. They are no credentials: API Gateway takes usage keys from the authorizer only
 * (`apiKeySourceType: AUTHORIZER`), never from a request.
 */

/** Value of the key that the callers of a tier share until their org has its own. */
export const sharedUsageKey = (stage: string, tier: string): string => `xct-${stage}-${tier}-shared-usage-plan-key`;

/** Value of an org's own key; the state machine spells it alike. */
export const ownUsageKey = (stage: string, orgId: string): string => `xct-${stage}-${orgId}-own-usage-plan-key`;
