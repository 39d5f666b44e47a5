/**
 * Value of the API Gateway API key that all callers of a tier share. It is no credential: API Gateway takes usage keys
 * from the authorizer only (`apiKeySourceType: AUTHORIZER`), never from a request.
 */
export const sharedUsageKey = (stage: string, tier: string): string => `xct-${stage}-${tier}-shared-usage-plan-key`;
