/** Bits of Kerberos' options, from the first on (RFC 4120 5.4.1, 5.5.1), and the fields they are. */

import type { FieldSpec } from '../../field-spec.ts';

export const KDC_OPTIONS: readonly string[] = [
  'reserved',
  'forwardable',
  'forwarded',
  'proxiable',
  'proxy',
  'allow.postdate',
  'postdated',
  'unused7',
  'renewable',
  'unused9',
  'unused10',
  'opt.hardware.auth',
  'unused12',
  'unused13',
  'constrained.delegation',
  'canonicalize',
  'request.anonymous',
  'unused17',
  'unused18',
  'unused19',
  'unused20',
  'unused21',
  'unused22',
  'unused23',
  'unused24',
  'unused25',
  'disable.transited.check',
  'renewable.ok',
  'enc.tkt.in.skey',
  'unused29',
  'renew',
  'validate',
];
export const AP_OPTIONS: readonly string[] = ['reserved', 'use.session.key', 'mutual.required'];

function fieldsOf(prefix: string, names: readonly string[]): [string, FieldSpec][] {
  return names.map((name, i) => {
    const bit = 7 - (i & 7);
    const label = name.replaceAll('.', '-');
    return [
      `${prefix}.${name}`,
      { type: 'bool', of: 'u8', bits: [bit, bit], label, flag: ['True', 'False'], many: true },
    ];
  });
}

export const optionFields: Readonly<Record<string, FieldSpec>> = Object.fromEntries([
  ...fieldsOf('KDCOptions', KDC_OPTIONS),
  ...fieldsOf('APOptions', AP_OPTIONS),
]);
