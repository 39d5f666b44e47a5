import { expect, test } from '@jest/globals';
import { deployed, functionNamed, only, synthesized } from '../template.ts';

const template = deployed('dev');
const door = only(template, 'AWS::CloudFront::Distribution').DistributionConfig;
const behavior = door.DefaultCacheBehavior;
const [origin] = door.Origins;

const domain = { name: 'mcp.example.com', certificate_arn: 'arn:aws:acm:us-east-1:111122223333:certificate/x' };
const edge = 'arn:aws:lambda:us-east-1:111122223333:function:challenge:3';
const acl = 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/x/y';
const dressed = synthesized({
  domain,
  web_acl_arn: acl,
  lambda_edge_challenge: edge,
  allowed_origins: ['https://app.example.com'],
});
const dressedDoor = only(dressed, 'AWS::CloudFront::Distribution').DistributionConfig;

test('there is one distribution over one origin, the stage of the API, found without a reference to the stage', () => {
  expect(door.Origins).toHaveLength(1);
  expect(door.CacheBehaviors).toBeUndefined();
  expect(origin.OriginPath).toBe('/dev');
  expect(JSON.stringify(origin.DomainName)).toContain('.execute-api.');
  expect(JSON.stringify(origin)).not.toContain('Stage');
});

test('nothing is cached, and every header but the host goes through', () => {
  // The managed policies CachingDisabled and AllViewerExceptHostHeader (CloudFront, "Use managed policies").
  expect(behavior.CachePolicyId).toBe('4135ea2d-6df8-44a3-9df3-4b5a84be39ad');
  expect(behavior.OriginRequestPolicyId).toBe('b689b0a8-53d0-40ab-baf2-68738e2966ac');
  expect(behavior.Compress).toBe(false);
});

test('errors are not cached either: one org’s 404 would reach another', () => {
  expect(door.CustomErrorResponses).toEqual(
    [404, 414, 500, 501, 502, 503, 504].map((ErrorCode) => ({ ErrorCode, ErrorCachingMinTTL: 0 })),
  );
});

test('all seven methods pass, over TLS only', () => {
  expect([...behavior.AllowedMethods].sort()).toEqual(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']);
  expect(behavior.ViewerProtocolPolicy).toBe('https-only');
});

test('IA-10: the origin is spoken to in TLS 1.2 and gets the secret that proves the way', () => {
  expect(origin.CustomOriginConfig).toMatchObject({
    OriginProtocolPolicy: 'https-only',
    OriginSSLProtocols: ['TLSv1.2'],
  });
  const [{ HeaderName, HeaderValue }, ...others] = origin.OriginCustomHeaders;
  expect(others).toEqual([]);
  expect(HeaderName).toBe('x-xct-origin');
  expect(HeaderValue['Fn::Join'][1]).toEqual([
    '{{resolve:secretsmanager:',
    { Ref: expect.stringMatching(/^VaultOrigin/) },
    ':SecretString:value::}}',
  ]);
});

test.each(['authorizer', 'site', 'bootstrap'])('IA-10: %s can ask for the origin secret', (name) => {
  expect(functionNamed(template, name).Environment.Variables).toHaveProperty('ORIGIN_SECRET_ID');
});

test('an answer may take 120 seconds between two packets', () => {
  expect(origin.CustomOriginConfig.OriginReadTimeout).toBe(120);
});

test('pages are not framed, sniffed or named to others, and stay on TLS', () => {
  const { SecurityHeadersConfig, CorsConfig } = only(
    template,
    'AWS::CloudFront::ResponseHeadersPolicy',
  ).ResponseHeadersPolicyConfig;
  expect(SecurityHeadersConfig).toMatchObject({
    ContentTypeOptions: { Override: true },
    FrameOptions: { FrameOption: 'DENY' },
    ReferrerPolicy: { ReferrerPolicy: 'no-referrer' },
    StrictTransportSecurity: { AccessControlMaxAgeSec: 63_072_000 },
  });
  expect(CorsConfig).toBeUndefined();
});

test('domain, web ACL and edge function are off unless set', () => {
  expect(door).not.toHaveProperty('Aliases');
  expect(door).not.toHaveProperty('WebACLId');
  expect(door).not.toHaveProperty('ViewerCertificate');
  expect(behavior.LambdaFunctionAssociations).toEqual([]);
});

test('IA-10: a domain comes with its certificate and TLS 1.2 as minimum', () => {
  expect(dressedDoor).toMatchObject({
    Aliases: [domain.name],
    ViewerCertificate: { AcmCertificateArn: domain.certificate_arn, MinimumProtocolVersion: 'TLSv1.2_2021' },
    WebACLId: acl,
  });
});

test('the edge function sees what the origin answered', () => {
  expect(dressedDoor.DefaultCacheBehavior.LambdaFunctionAssociations).toEqual([
    { EventType: 'origin-response', LambdaFunctionARN: edge },
  ]);
});

test('allowed origins may read what API Gateway answers itself, without credentials of the browser', () => {
  const { CorsConfig } = only(dressed, 'AWS::CloudFront::ResponseHeadersPolicy').ResponseHeadersPolicyConfig;
  expect(CorsConfig).toMatchObject({
    AccessControlAllowOrigins: { Items: ['https://app.example.com'] },
    AccessControlAllowCredentials: false,
    OriginOverride: false,
  });
});

test('functions know the public URL and every host that leads here', () => {
  const { PUBLIC_URL, OWN_HOSTS, ALLOWED_ORIGINS } = functionNamed(dressed, 'servers').Environment.Variables;
  expect(PUBLIC_URL).toBe('https://mcp.example.com');
  expect(ALLOWED_ORIGINS).toBe('https://app.example.com');
  const hosts = JSON.stringify(OWN_HOSTS);
  expect(hosts).toContain('mcp.example.com,');
  expect(hosts).toContain('"DomainName"');
  expect(hosts).toContain('.execute-api.');
});
