import { h, type Tree } from './tree.ts';
import type { Detail } from './wire.ts';
import { quoted, severities } from './words.ts';

type Finding = Detail['findings'][number];

const finding = ({ kind, where, evidence, explanation }: Finding): Tree =>
  h(
    'li',
    {},
    h('p', { class: 'line' }, h('strong', {}, kind.replaceAll('_', ' ')), quoted(where, 'code')),
    h('p', {}, explanation),
    evidence === '' ? undefined : quoted(evidence, 'pre'),
  );

/** The risk report, grouped by severity, the gravest first. */
export const findingsView = ({ findings }: Detail): Tree =>
  h(
    'section',
    { 'aria-labelledby': 'risk' },
    h('h3', { id: 'risk' }, 'What to look at'),
    findings.length === 0
      ? h('p', {}, 'No rule found anything. That is no proof: read the definitions.')
      : severities
          .map((severity) => ({ severity, group: findings.filter((one) => one.severity === severity) }))
          .filter(({ group }) => group.length > 0)
          .map(({ severity, group }) =>
            h(
              'div',
              { class: `severity ${severity}` },
              h('h4', {}, `${severity} `, h('span', { class: 'count' }, String(group.length))),
              h('ul', {}, group.map(finding)),
            ),
          ),
  );
