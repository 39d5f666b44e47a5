// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholders
import { expect, test } from '@jest/globals';
import { evaluate, type Names } from '../../../local/template/intrinsics.ts';

const names: Names = {
  ref: (name) => (name === 'AWS::NoValue' ? undefined : `<${name}>`),
  attribute: (resource, name) => `<${resource}#${name}>`,
  condition: (name) => ({ Yes: { 'Fn::Equals': ['a', 'a'] }, No: { 'Fn::Not': [{ Condition: 'Yes' }] } })[name],
};
const value = (expression: unknown) => evaluate(expression, names);

test('Ref, GetAtt, Join, Select, Split and Sub are worked out, nested too', () => {
  expect(value({ 'Fn::Join': ['-', ['a', { Ref: 'B' }, { 'Fn::GetAtt': ['C', 'Arn'] }]] })).toBe('a-<B>-<C#Arn>');
  expect(value({ 'Fn::Select': [1, { 'Fn::Split': ['/', 'a/b/c'] }] })).toBe('b');
  expect(value({ 'Fn::Sub': '${A} ${B.Arn} ${!C}' })).toBe('<A> <B#Arn> ${C}');
  expect(value({ 'Fn::Sub': ['${A} ${B}', { A: { Ref: 'X' } }] })).toBe('<X> <B>');
  expect(value({ 'Fn::GetAtt': 'Table.StreamArn' })).toBe('<Table#StreamArn>');
});

test('conditions decide, and NoValue drops the property', () => {
  expect(value({ 'Fn::If': ['Yes', 1, 2] })).toBe(1);
  expect(value({ 'Fn::If': ['No', 1, 2] })).toBe(2);
  expect(value({ 'Fn::And': [{ Condition: 'Yes' }, { 'Fn::Or': [{ Condition: 'No' }, { Condition: 'Yes' }] }] })).toBe(
    true,
  );
  expect(value({ a: { Ref: 'AWS::NoValue' }, b: [{ Ref: 'AWS::NoValue' }, 1] })).toEqual({ b: [1] });
});

test('the Condition block of a policy is data', () => {
  const block = { Condition: { StringEquals: { a: { Ref: 'B' } } } };
  expect(value(block)).toEqual({ Condition: { StringEquals: { a: '<B>' } } });
});

test('an unknown intrinsic is an error, not a guess', () => {
  expect(() => value({ 'Fn::ImportValue': 'x' })).toThrow('Fn::ImportValue');
});
