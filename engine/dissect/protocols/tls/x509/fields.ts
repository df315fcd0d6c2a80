/** Fields of certificates and of OCSP: X.509's own names, whichever protocol carries them. */

import type { FieldType, ValueNames } from '../../../../base/fields.ts';
import type { FieldSpec } from '../../../protocol.ts';

/** RFC 6960 4.2.1. */
const RESPONSE_STATUS: Readonly<Record<number, string>> = {
  0: 'successful',
  1: 'malformedRequest',
  2: 'internalError',
  3: 'tryLater',
  5: 'sigRequired',
  6: 'unauthorized',
};
const CERTIFICATE_STATUS: Readonly<Record<number, string>> = { 0: 'good', 1: 'revoked', 2: 'unknown' };
/** RFC 5280 5.3.1. */
const REVOCATION_REASONS: Readonly<Record<number, string>> = {
  0: 'unspecified',
  1: 'keyCompromise',
  2: 'cACompromise',
  3: 'affiliationChanged',
  4: 'superseded',
  5: 'cessationOfOperation',
  6: 'certificateHold',
  8: 'removeFromCRL',
  9: 'privilegeWithdrawn',
  10: 'aACompromise',
};
const GENERAL_NAMES: Readonly<Record<number, string>> = {
  0: 'otherName',
  1: 'rfc822Name',
  2: 'dNSName',
  3: 'x400Address',
  4: 'directoryName',
  5: 'ediPartyName',
  6: 'uniformResourceIdentifier',
  7: 'iPAddress',
  8: 'registeredID',
};
const NAMES: Readonly<Record<number, string>> = { 0: 'rdnSequence' };
const TIMES: Readonly<Record<number, string>> = { 0: 'utcTime', 1: 'generalizedTime' };
const DIRECTORY_STRINGS: Readonly<Record<number, string>> = {
  0: 'teletexString',
  1: 'printableString',
  2: 'universalString',
  3: 'bmpString',
  4: 'uTF8String',
};
const DISPLAY_TEXTS: Readonly<Record<number, string>> = {
  0: 'ia5String',
  1: 'visibleString',
  2: 'bmpString',
  3: 'utf8String',
};

/** Bits of a key usage (RFC 5280 4.2.1.3), the first bit first. */
export const KEY_USAGES = [
  'digitalSignature',
  'contentCommitment',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;

/** Bits of the reasons for which a list names certificates (RFC 5280 4.2.1.13). */
export const REASONS = [
  'unused',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  'privilegeWithdrawn',
  'aACompromise',
] as const;

type Fields = [string, FieldSpec][];

/** Fields of one type: the label is what the name ends with. */
function fields(type: FieldType, abbrevs: string, names?: ValueNames): Fields {
  return abbrevs.split(' ').map((abbrev) => {
    const label = abbrev.slice(abbrev.lastIndexOf('.') + 1).replace(/_element$/, '');
    const flag = type === 'bool' ? ({ flag: ['True', 'False'] } as const) : {};
    return [abbrev, { type, label, abbrev, many: true, ...flag, ...(names === undefined ? {} : { names }) }];
  });
}

/** Fields of one protocol and type. */
function of(protocol: string, type: FieldType, names: string, values?: ValueNames): Fields {
  return fields(
    type,
    names
      .split(' ')
      .map((name) => `${protocol}.${name}`)
      .join(' '),
    values,
  );
}

const ELEMENTS: Fields = [
  ...of('x509af', 'none', 'signedCertificate_element signature_element validity_element'),
  ...of(
    'x509af',
    'none',
    'subjectPublicKeyInfo_element algorithm_element algorithmIdentifier_element Extension_element',
  ),
  ...of('x509if', 'none', 'RelativeDistinguishedName_item_element'),
  ...of('x509ce', 'none', 'AuthorityKeyIdentifier_element BasicConstraintsSyntax_element CertificateTemplate_element'),
  ...of('x509ce', 'none', 'DistributionPoint_element PolicyInformation_element PolicyQualifierInfo_element'),
  ...of('x509ce', 'none', 'PrivateKeyUsagePeriod_element NameConstraintsSyntax_element GeneralSubtree_element'),
  ...of('x509ce', 'none', 'PolicyConstraintsSyntax_element PolicyMappingsSyntax_item_element'),
  ...of('x509ce', 'none', 'otherName_element value_element'),
  ...of('pkix1explicit', 'none', 'Extension_element'),
  ...of('pkix1implicit', 'none', 'AccessDescription_element UserNotice_element noticeRef_element'),
  ...of('ocsp', 'none', 'responseBytes_element BasicOCSPResponse_element tbsResponseData_element'),
  ...of('ocsp', 'none', 'SingleResponse_element certID_element hashAlgorithm_element signatureAlgorithm_element'),
  ...of('ocsp', 'none', 'good_element revoked_element unknown_element Certificate_element NULL_element'),
];

const LISTS: Fields = [
  ...of('x509af', 'u32', 'extensions rdnSequence'),
  ...of('x509if', 'u32', 'rdnSequence RDNSequence_item'),
  ...of('x509ce', 'u32', 'KeyPurposeIDs GeneralNames CRLDistPointsSyntax fullName nameRelativeToCRLIssuer cRLIssuer'),
  ...of('x509ce', 'u32', 'CertificatePoliciesSyntax policyQualifiers PolicyMappingsSyntax authorityCertIssuer'),
  ...of('x509ce', 'u32', 'permittedSubtrees excludedSubtrees'),
  ...of('pkix1explicit', 'u32', 'Features'),
  ...of('pkix1implicit', 'u32', 'AuthorityInfoAccessSyntax noticeNumbers'),
  ...of('ocsp', 'u32', 'responses singleExtensions responseExtensions certs'),
];

const CHOICES: Fields = [
  ...of('x509af', 'u32', 'issuer subject', NAMES),
  ...of('x509af', 'u32', 'notBefore notAfter', TIMES),
  ...of('x509sat', 'u32', 'DirectoryString', DIRECTORY_STRINGS),
  ...of('x509ce', 'u32', 'GeneralName base', GENERAL_NAMES),
  ...of('x509ce', 'u32', 'directoryName', NAMES),
  ...of('x509ce', 'u32', 'distributionPoint', { 0: 'fullName', 1: 'nameRelativeToCRLIssuer' }),
  ...of('pkix1implicit', 'u32', 'accessLocation', GENERAL_NAMES),
  ...of('pkix1implicit', 'u32', 'explicitText organization', DISPLAY_TEXTS),
  ...of('ocsp', 'u32', 'responderID', { 1: 'byName', 2: 'byKey' }),
  ...of('ocsp', 'u32', 'byName', NAMES),
  ...of('ocsp', 'u32', 'responseStatus', RESPONSE_STATUS),
  ...of('ocsp', 'u32', 'certStatus', CERTIFICATE_STATUS),
  ...of('ocsp', 'u32', 'revocationReason', REVOCATION_REASONS),
];

const VALUES: Fields = [
  ...of('x509af', 'i32', 'version', { 0: 'v1', 1: 'v2', 2: 'v3' }),
  ...of('x509af', 'bytes', 'serialNumber subjectPublicKey encrypted issuerUniqueIdentifier subjectUniqueIdentifier'),
  ...of('x509af', 'string', 'utcTime'),
  ...of('x509af', 'time', 'generalizedTime'),
  ...of('x509af', 'bool', 'critical'),
  ['x509af.algorithm.id', { type: 'oid', label: 'Algorithm Id', many: true, abbrev: 'x509af.algorithm.id' }],
  ['x509af.extension.id', { type: 'oid', label: 'Extension Id', many: true, abbrev: 'x509af.extension.id' }],
  ['x509if.oid', { type: 'oid', label: 'Object Id', many: true, abbrev: 'x509if.oid' }],
  ...of('x509sat', 'string', 'CountryName IA5String PrintableString UTF8String'),
  ...of('x509sat', 'string', 'teletexString printableString universalString bmpString uTF8String'),
  ...of('pkcs1', 'bytes', 'modulus'),
  ...of('pkcs1', 'i32', 'publicExponent'),
  ...of('x509ce', 'string', 'dNSName rfc822Name uniformResourceIdentifier'),
  ...of('x509ce', 'bytes', 'iPAddress SubjectKeyIdentifier keyIdentifier authorityCertSerialNumber reasons KeyUsage'),
  ['x509ce.IPAddress.ipv4', { type: 'ipv4', label: 'iPAddress', many: true, abbrev: 'x509ce.IPAddress.ipv4' }],
  ['x509ce.IPAddress.ipv6', { type: 'ipv6', label: 'iPAddress', many: true, abbrev: 'x509ce.IPAddress.ipv6' }],
  ...of('x509ce', 'oid', 'KeyPurposeId policyIdentifier id registeredID type_id templateID'),
  ...of('x509ce', 'oid', 'issuerDomainPolicy subjectDomainPolicy'),
  ...of('x509ce', 'bool', 'cA'),
  ...of('x509ce', 'u64', 'pathLenConstraint minimum maximum requireExplicitPolicy inhibitPolicyMapping SkipCerts'),
  ...of('x509ce', 'i32', 'templateMajorVersion templateMinorVersion'),
  ...of('x509ce', 'time', 'notBefore notAfter'),
  ...of('x509ce.KeyUsage', 'bool', KEY_USAGES.join(' ')),
  ...of('x509ce.ReasonFlags', 'bool', REASONS.join(' ')),
  ...of('pkix1explicit', 'string', 'id DirectoryString'),
  ...of('pkix1explicit', 'u16', 'Features_item'),
  ...of('pkix1implicit', 'oid', 'accessMethod'),
  ...of('pkix1implicit', 'i32', 'noticeNumbers_item'),
  ...of('pkix1implicit', 'string', 'ia5String visibleString bmpString utf8String'),
  ...of('ocsp', 'bytes', 'byKey issuerNameHash issuerKeyHash serialNumber signature ReOcspNonce'),
  ...of('ocsp', 'time', 'producedAt revocationTime thisUpdate nextUpdate ArchiveCutoff'),
  ['ocsp.responseType.id', { type: 'string', label: 'ResponseType Id', many: true, abbrev: 'ocsp.responseType.id' }],
];

export const certificateFields: Readonly<Record<string, FieldSpec>> = Object.fromEntries([
  ...ELEMENTS,
  ...LISTS,
  ...CHOICES,
  ...VALUES,
]);
