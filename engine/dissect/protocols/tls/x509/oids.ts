/** Names of what certificates are made of: attributes, algorithms, curves, extensions, purposes (RFC 5280, RFC 5912). */

import { formatOid } from '../../../node.ts';
import type { TreeBuilder } from '../../../tree.ts';
import { type Element, TAG } from './der.ts';

const OIDS: Readonly<Record<string, string>> = {
  '2.5.4.3': 'id-at-commonName',
  '2.5.4.4': 'id-at-surname',
  '2.5.4.5': 'id-at-serialNumber',
  '2.5.4.6': 'id-at-countryName',
  '2.5.4.7': 'id-at-localityName',
  '2.5.4.8': 'id-at-stateOrProvinceName',
  '2.5.4.9': 'id-at-streetAddress',
  '2.5.4.10': 'id-at-organizationName',
  '2.5.4.11': 'id-at-organizationalUnitName',
  '2.5.4.12': 'id-at-title',
  '2.5.4.13': 'id-at-description',
  '2.5.4.15': 'id-at-businessCategory',
  '2.5.4.17': 'id-at-postalCode',
  '2.5.4.42': 'id-at-givenName',
  '2.5.4.46': 'id-at-dnQualifier',
  '2.5.4.97': 'id-at-organizationIdentifier',
  '1.2.840.113549.1.9.1': 'pkcs-9-at-emailAddress',
  '0.9.2342.19200300.100.1.1': 'id-at-uid',
  '0.9.2342.19200300.100.1.25': 'dc',
  '1.3.6.1.4.1.311.60.2.1.3': 'jurisdictionOfIncorporationCountryName',
  '1.2.840.113549.1.1.1': 'rsaEncryption',
  '1.2.840.113549.1.1.4': 'md5WithRSAEncryption',
  '1.2.840.113549.1.1.5': 'sha1WithRSAEncryption',
  '1.2.840.113549.1.1.10': 'id-RSASSA-PSS',
  '1.2.840.113549.1.1.11': 'sha256WithRSAEncryption',
  '1.2.840.113549.1.1.12': 'sha384WithRSAEncryption',
  '1.2.840.113549.1.1.13': 'sha512WithRSAEncryption',
  '1.2.840.10045.2.1': 'id-ecPublicKey',
  '1.2.840.10045.3.1.7': 'secp256r1',
  '1.2.840.10045.4.3.2': 'ecdsa-with-SHA256',
  '1.2.840.10045.4.3.3': 'ecdsa-with-SHA384',
  '1.2.840.10045.4.3.4': 'ecdsa-with-SHA512',
  '1.3.132.0.34': 'secp384r1',
  '1.3.132.0.35': 'secp521r1',
  '1.3.101.112': 'Ed25519',
  '1.3.101.113': 'Ed448',
  '2.5.29.14': 'id-ce-subjectKeyIdentifier',
  '2.5.29.15': 'id-ce-keyUsage',
  '2.5.29.16': 'id-ce-privateKeyUsagePeriod',
  '2.5.29.17': 'id-ce-subjectAltName',
  '2.5.29.18': 'id-ce-issuerAltName',
  '2.5.29.19': 'id-ce-basicConstraints',
  '2.5.29.30': 'id-ce-nameConstraints',
  '2.5.29.31': 'id-ce-cRLDistributionPoints',
  '2.5.29.32': 'id-ce-certificatePolicies',
  '2.5.29.33': 'id-ce-policyMappings',
  '2.5.29.35': 'id-ce-authorityKeyIdentifier',
  '2.5.29.36': 'id-ce-policyConstraints',
  '2.5.29.37': 'id-ce-extKeyUsage',
  '2.5.29.46': 'id-ce-freshestCRL',
  '2.5.29.54': 'id-ce-inhibitAnyPolicy',
  '1.3.6.1.5.5.7.1.1': 'id-pe-authorityInfoAccess',
  '1.3.6.1.5.5.7.1.11': 'id-pe-subjectInfoAccess',
  '1.3.6.1.5.5.7.1.24': 'id-pe-tlsfeature',
  '1.3.6.1.5.5.7.2.1': 'id-qt-cps',
  '1.3.6.1.5.5.7.2.2': 'id-qt-unotice',
  '1.3.6.1.5.5.7.3.1': 'id-kp-serverAuth',
  '1.3.6.1.5.5.7.3.2': 'id-kp-clientAuth',
  '1.3.6.1.5.5.7.3.3': 'id-kp-codeSigning',
  '1.3.6.1.5.5.7.3.4': 'id-kp-emailProtection',
  '1.3.6.1.5.5.7.3.8': 'id-kp-timeStamping',
  '1.3.6.1.5.5.7.3.9': 'id-kp-OCSPSigning',
  '1.3.6.1.5.5.7.48.1': 'id-pkix-ocsp',
  '1.3.6.1.5.5.7.48.1.2': 'id-pkix-ocsp-nonce',
  '1.3.6.1.5.5.7.48.1.5': 'id-pkix-ocsp-nocheck',
  '1.3.6.1.5.5.7.48.1.6': 'id-pkix-ocsp-archive-cutoff',
  '1.3.6.1.5.5.7.48.2': 'id-ad-caIssuers',
  '1.3.6.1.4.1.311.20.2': 'id-ms-certificate-template-name',
  '1.3.6.1.4.1.311.21.7': 'id-ms-certificate-template',
  '1.3.6.1.4.1.311.21.10': 'id-ms-application-certificate-policies',
  '1.3.6.1.4.1.11129.2.4.2': 'SignedCertificateTimestampList',
  '2.16.840.1.113730.1.1': 'ns_cert_exts.cert_type',
};

/** The name, or the numbers where there is none. */
export function oidName(oid: string): string {
  return OIDS[oid] ?? oid;
}

/** The numbers, with their name where they have one. */
export function oidAndName(oid: string): string {
  const name = OIDS[oid];
  return name === undefined ? oid : `${oid} (${name})`;
}

export function oidOf(t: TreeBuilder, item: Element): string {
  return formatOid(t.slice(item.value, item.end - item.value));
}

/** Adds an object identifier with its name; what is none is left out. Returns its numbers. */
export function addOid(t: TreeBuilder, key: string, label: string, item: Element | undefined): string {
  if (item?.tag !== TAG.oid || item.end <= item.value) return '';
  const length = item.end - item.value;
  const oid = oidOf(t, item);
  t.put(key, t.slice(item.value, length), item.value, length, `${label}: ${oidAndName(oid)}`);
  return oid;
}
