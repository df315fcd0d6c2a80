/** Numbers of TLS (RFC 8446, 5246, 6101; IANA "TLS Parameters" and "TLS ExtensionType Values"). */

import { cipherSuiteNames } from '../../names/cipher-suites.ts';

export const CONTENT = { changeCipherSpec: 20, alert: 21, handshake: 22, data: 23, heartbeat: 24 } as const;

export const CONTENT_TYPES: Readonly<Record<number, string>> = {
  20: 'Change Cipher Spec',
  21: 'Alert',
  22: 'Handshake',
  23: 'Application Data',
  24: 'Heartbeat',
  25: 'Connection ID',
};

export const VERSION = {
  ssl2: 0x0002,
  ssl3: 0x0300,
  tls10: 0x0301,
  tls11: 0x0302,
  tls12: 0x0303,
  tls13: 0x0304,
} as const;

/** Reserved values that clients send so that servers stay tolerant (RFC 8701): 0x0a0a, 0x1a1a ... 0xfafa. */
export function isGrease(value: number): boolean {
  return (value & 0x0f0f) === 0x0a0a && value >>> 8 === (value & 0xff);
}

const VERSIONS: Readonly<Record<number, string>> = {
  0x0002: 'SSL 2.0',
  0x0300: 'SSL 3.0',
  0x0301: 'TLS 1.0',
  0x0302: 'TLS 1.1',
  0x0303: 'TLS 1.2',
  0x0304: 'TLS 1.3',
  0x0101: 'GMTLS',
  0x0100: 'DTLS 1.0 (OpenSSL pre 0.9.8f)',
  0xfeff: 'DTLS 1.0',
  0xfefd: 'DTLS 1.2',
  0xfefc: 'DTLS 1.3',
  0xfb17: 'TLS 1.3 (Facebook draft 23)',
  0xfb1a: 'TLS 1.3 (Facebook draft 26)',
};

export function versionName(value: number): string | undefined {
  if (value >>> 8 === 0x7f) return `TLS 1.3 (draft ${value & 0xff})`;
  return VERSIONS[value] ?? greaseName(value);
}

function greaseName(value: number): string | undefined {
  return isGrease(value) ? 'Reserved (GREASE)' : undefined;
}

export function cipherSuiteName(value: number): string | undefined {
  return cipherSuiteNames[value] ?? greaseName(value);
}

/** The Protocol column. */
export const SHORT_VERSIONS: Readonly<Record<number, string>> = {
  0x0002: 'SSLv2',
  0x0300: 'SSLv3',
  0x0301: 'TLSv1',
  0x0302: 'TLSv1.1',
  0x0303: 'TLSv1.2',
  0x0304: 'TLSv1.3',
  0x0101: 'GMTLS',
};

/** The same of DTLS. */
export const DTLS_SHORT_VERSIONS: Readonly<Record<number, string>> = {
  0xfeff: 'DTLSv1.0',
  0xfefd: 'DTLSv1.2',
  0xfefc: 'DTLSv1.3',
  0x0100: 'DTLS 1.0 (OpenSSL pre 0.9.8f)',
};

/** The version of TLS that a version of DTLS is made of; those of TLS are themselves. */
export function equivalent(version: number): number {
  if (version === 0xfeff || version === 0x0100) return VERSION.tls11;
  if (version === 0xfefd) return VERSION.tls12;
  return version === 0xfefc ? VERSION.tls13 : version;
}

/** Is it TLS 1.3 or one of its drafts? */
export function isTls13(version: number): boolean {
  return version === VERSION.tls13 || version >>> 8 === 0x7f || version === 0xfb17 || version === 0xfb1a;
}

/** Type and length in front of a handshake message. */
export const HANDSHAKE_HEADER = 4;

export const HANDSHAKE = {
  helloRequest: 0,
  clientHello: 1,
  serverHello: 2,
  helloVerifyRequest: 3,
  newSessionTicket: 4,
  endOfEarlyData: 5,
  helloRetryRequest: 6,
  encryptedExtensions: 8,
  certificate: 11,
  serverKeyExchange: 12,
  certificateRequest: 13,
  serverHelloDone: 14,
  certificateVerify: 15,
  clientKeyExchange: 16,
  finished: 20,
  certificateUrl: 21,
  certificateStatus: 22,
  keyUpdate: 24,
  compressedCertificate: 25,
  nextProtocol: 67,
} as const;

export const HANDSHAKE_TYPES: Readonly<Record<number, string>> = {
  0: 'Hello Request',
  1: 'Client Hello',
  2: 'Server Hello',
  3: 'Hello Verify Request',
  4: 'New Session Ticket',
  5: 'End of Early Data',
  6: 'Hello Retry Request',
  8: 'Encrypted Extensions',
  9: 'Request Connection ID',
  10: 'New Connection ID',
  11: 'Certificate',
  12: 'Server Key Exchange',
  13: 'Certificate Request',
  14: 'Server Hello Done',
  15: 'Certificate Verify',
  16: 'Client Key Exchange',
  20: 'Finished',
  21: 'Client Certificate URL',
  22: 'Certificate Status',
  23: 'Supplemental Data',
  24: 'Key Update',
  25: 'Compressed Certificate',
  67: 'Encrypted Extensions',
};

export const SSL2_TYPES: Readonly<Record<number, string>> = {
  0: 'Error',
  1: 'Client Hello',
  2: 'Client Master Key',
  3: 'Client Finished',
  4: 'Server Hello',
  5: 'Server Verify',
  6: 'Server Finished',
  7: 'Request Certificate',
  8: 'Client Certificate',
};

/** SHA-256 of "HelloRetryRequest": the random of a ServerHello that is one (RFC 8446 4.1.3). */
export const RETRY_RANDOM = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c';

/** Alerts that mean something to what comes after. */
export const ALERT = { closeNotify: 0 } as const;

export const ALERT_LEVELS: Readonly<Record<number, string>> = { 1: 'Warning', 2: 'Fatal' };

export const ALERTS: Readonly<Record<number, string>> = {
  0: 'Close Notify',
  1: 'End of Early Data',
  10: 'Unexpected Message',
  20: 'Bad Record MAC',
  21: 'Decryption Failed',
  22: 'Record Overflow',
  30: 'Decompression Failure',
  40: 'Handshake Failure',
  41: 'No Certificate',
  42: 'Bad Certificate',
  43: 'Unsupported Certificate',
  44: 'Certificate Revoked',
  45: 'Certificate Expired',
  46: 'Certificate Unknown',
  47: 'Illegal Parameter',
  48: 'Unknown CA',
  49: 'Access Denied',
  50: 'Decode Error',
  51: 'Decrypt Error',
  60: 'Export Restriction',
  70: 'Protocol Version',
  71: 'Insufficient Security',
  80: 'Internal Error',
  86: 'Inappropriate Fallback',
  90: 'User Canceled',
  100: 'No Renegotiation',
  109: 'Missing Extension',
  110: 'Unsupported Extension',
  111: 'Certificate Unobtainable',
  112: 'Unrecognized Name',
  113: 'Bad Certificate Status Response',
  114: 'Bad Certificate Hash Value',
  115: 'Unknown PSK Identity',
  116: 'Certificate Required',
  120: 'No application Protocol',
  121: 'ECH Required',
};

export const EXTENSION = {
  serverName: 0,
  maxFragmentLength: 1,
  truncatedMac: 4,
  statusRequest: 5,
  certType: 9,
  supportedGroups: 10,
  pointFormats: 11,
  srp: 12,
  signatureAlgorithms: 13,
  useSrtp: 14,
  heartbeat: 15,
  alpn: 16,
  statusRequestV2: 17,
  certificateTimestamp: 18,
  clientCertificateType: 19,
  serverCertificateType: 20,
  padding: 21,
  encryptThenMac: 22,
  extendedMasterSecret: 23,
  compressCertificate: 27,
  recordSizeLimit: 28,
  delegatedCredentials: 34,
  sessionTicket: 35,
  preSharedKey: 41,
  earlyData: 42,
  supportedVersions: 43,
  cookie: 44,
  pskModes: 45,
  certificateAuthorities: 47,
  oidFilters: 48,
  signatureAlgorithmsCert: 50,
  keyShare: 51,
  connectionId: 54,
  quicParameters: 57,
  nextProtocol: 13172,
  applicationSettings: 17513,
  applicationSettingsNew: 17613,
  renegotiation: 65281,
  quicParametersDraft: 65445,
  encryptedServerName: 65486,
} as const;

const EXTENSIONS: Readonly<Record<number, string>> = {
  0: 'server_name',
  1: 'max_fragment_length',
  2: 'client_certificate_url',
  3: 'trusted_ca_keys',
  4: 'truncated_hmac',
  5: 'status_request',
  6: 'user_mapping',
  7: 'client_authz',
  8: 'server_authz',
  9: 'cert_type',
  10: 'supported_groups',
  11: 'ec_point_formats',
  12: 'srp',
  13: 'signature_algorithms',
  14: 'use_srtp',
  15: 'heartbeat',
  16: 'application_layer_protocol_negotiation',
  17: 'status_request_v2',
  18: 'signed_certificate_timestamp',
  19: 'client_certificate_type',
  20: 'server_certificate_type',
  21: 'padding',
  22: 'encrypt_then_mac',
  23: 'extended_master_secret',
  24: 'token_binding',
  25: 'cached_info',
  27: 'compress_certificate',
  28: 'record_size_limit',
  34: 'delegated_credentials',
  35: 'session_ticket',
  40: 'Reserved (key_share)',
  41: 'pre_shared_key',
  42: 'early_data',
  43: 'supported_versions',
  44: 'cookie',
  45: 'psk_key_exchange_modes',
  46: 'Reserved (ticket_early_data_info)',
  47: 'certificate_authorities',
  48: 'oid_filters',
  49: 'post_handshake_auth',
  50: 'signature_algorithms_cert',
  51: 'key_share',
  52: 'transparency_info',
  53: 'connection_id (deprecated)',
  54: 'connection_id',
  55: 'external_id_hash',
  56: 'external_session_id',
  57: 'quic_transport_parameters',
  58: 'ticket_request',
  59: 'dnssec_chain',
  13172: 'next_protocol_negotiation',
  17513: 'application_settings',
  17613: 'application_settings (new)',
  30031: 'channel_id_old',
  30032: 'channel_id',
  65037: 'encrypted_client_hello',
  65281: 'renegotiation_info',
  65445: 'quic_transport_parameters (drafts version)',
  65486: 'encrypted_server_name',
};

export function extensionName(value: number): string | undefined {
  return EXTENSIONS[value] ?? greaseName(value);
}

const GROUPS: Readonly<Record<number, string>> = {
  1: 'sect163k1',
  2: 'sect163r1',
  3: 'sect163r2',
  4: 'sect193r1',
  5: 'sect193r2',
  6: 'sect233k1',
  7: 'sect233r1',
  8: 'sect239k1',
  9: 'sect283k1',
  10: 'sect283r1',
  11: 'sect409k1',
  12: 'sect409r1',
  13: 'sect571k1',
  14: 'sect571r1',
  15: 'secp160k1',
  16: 'secp160r1',
  17: 'secp160r2',
  18: 'secp192k1',
  19: 'secp192r1',
  20: 'secp224k1',
  21: 'secp224r1',
  22: 'secp256k1',
  23: 'secp256r1',
  24: 'secp384r1',
  25: 'secp521r1',
  26: 'brainpoolP256r1',
  27: 'brainpoolP384r1',
  28: 'brainpoolP512r1',
  29: 'x25519',
  30: 'x448',
  31: 'brainpoolP256r1tls13',
  32: 'brainpoolP384r1tls13',
  33: 'brainpoolP512r1tls13',
  41: 'curveSM2',
  256: 'ffdhe2048',
  257: 'ffdhe3072',
  258: 'ffdhe4096',
  259: 'ffdhe6144',
  260: 'ffdhe8192',
  512: 'MLKEM512',
  513: 'MLKEM768',
  514: 'MLKEM1024',
  4587: 'SecP256r1MLKEM768',
  4588: 'X25519MLKEM768',
  4589: 'SecP384r1MLKEM1024',
  25497: 'X25519Kyber768Draft00',
  25498: 'SecP256r1Kyber768Draft00',
  65281: 'arbitrary_explicit_prime_curves',
  65282: 'arbitrary_explicit_char2_curves',
};

export function groupName(value: number): string | undefined {
  return GROUPS[value] ?? greaseName(value);
}

const SIGNATURES: Readonly<Record<number, string>> = {
  0x0201: 'rsa_pkcs1_sha1',
  0x0203: 'ecdsa_sha1',
  0x0401: 'rsa_pkcs1_sha256',
  0x0403: 'ecdsa_secp256r1_sha256',
  0x0501: 'rsa_pkcs1_sha384',
  0x0503: 'ecdsa_secp384r1_sha384',
  0x0601: 'rsa_pkcs1_sha512',
  0x0603: 'ecdsa_secp521r1_sha512',
  0x0708: 'sm2sig_sm3',
  0x0804: 'rsa_pss_rsae_sha256',
  0x0805: 'rsa_pss_rsae_sha384',
  0x0806: 'rsa_pss_rsae_sha512',
  0x0807: 'ed25519',
  0x0808: 'ed448',
  0x0809: 'rsa_pss_pss_sha256',
  0x080a: 'rsa_pss_pss_sha384',
  0x080b: 'rsa_pss_pss_sha512',
  0x081a: 'ecdsa_brainpoolP256r1tls13_sha256',
  0x081b: 'ecdsa_brainpoolP384r1tls13_sha384',
  0x081c: 'ecdsa_brainpoolP512r1tls13_sha512',
  0x0904: 'mldsa44',
  0x0905: 'mldsa65',
  0x0906: 'mldsa87',
};
const HASHES: Readonly<Record<number, string>> = {
  0: 'None',
  1: 'MD5',
  2: 'SHA1',
  3: 'SHA224',
  4: 'SHA256',
  5: 'SHA384',
  6: 'SHA512',
  7: 'SM3',
};
const SIGNERS: Readonly<Record<number, string>> = { 0: 'Anonymous', 1: 'RSA', 2: 'DSA', 3: 'ECDSA', 4: 'SM2' };

export function signatureName(value: number): string | undefined {
  return (
    SIGNATURES[value] ??
    greaseName(value) ??
    (HASHES[value >>> 8] !== undefined && SIGNERS[value & 255] !== undefined
      ? `${HASHES[value >>> 8]} ${SIGNERS[value & 255]}`
      : undefined)
  );
}

export { HASHES, SIGNERS };

export const COMPRESSIONS: Readonly<Record<number, string>> = { 0: 'null', 1: 'DEFLATE', 64: 'LZS' };
export const POINT_FORMATS: Readonly<Record<number, string>> = {
  0: 'uncompressed',
  1: 'ansiX962_compressed_prime',
  2: 'ansiX962_compressed_char2',
};
export const PSK_MODES: Readonly<Record<number, string>> = {
  0: 'PSK-only key establishment (psk_ke)',
  1: 'PSK with (EC)DHE key establishment (psk_dhe_ke)',
};
export const CERTIFICATE_COMPRESSIONS: Readonly<Record<number, string>> = { 1: 'zlib', 2: 'brotli', 3: 'zstd' };
export const CURVE_TYPES: Readonly<Record<number, string>> = {
  1: 'explicit_prime',
  2: 'explicit_char2',
  3: 'named_curve',
};
export const CLIENT_CERTIFICATES: Readonly<Record<number, string>> = {
  1: 'RSA Sign',
  2: 'DSS Sign',
  3: 'RSA Fixed DH',
  4: 'DSS Fixed DH',
  21: 'GOST R 34.10-94',
  22: 'GOST R 34.10-2001',
  64: 'ECDSA Sign',
  65: 'RSA Fixed ECDH',
  66: 'ECDSA Fixed ECDH',
};
export const FRAGMENT_LENGTHS: Readonly<Record<number, string>> = { 1: '512', 2: '1024', 3: '2048', 4: '4096' };

/** How a cipher suite exchanges keys: decides what Server and Client Key Exchange hold (RFC 5246 7.4.3, 8422 5.4, 4279). */
export type KeyExchange = 'ecdhe' | 'dhe' | 'rsa' | 'psk' | 'dhe-psk' | 'ecdhe-psk' | 'rsa-psk' | 'unknown';

export function keyExchangeOf(suite: number): KeyExchange {
  const name = cipherSuiteNames[suite] ?? '';
  const method = /^(?:TLS|SSL)_(.+?)_WITH_/.exec(name)?.[1] ?? '';
  if (/^ECDHE?_PSK/.test(method)) return 'ecdhe-psk';
  if (/^DHE_PSK/.test(method)) return 'dhe-psk';
  if (/^RSA_PSK/.test(method)) return 'rsa-psk';
  if (/^PSK/.test(method)) return 'psk';
  if (/^ECDH/.test(method)) return 'ecdhe';
  if (/^DH/.test(method)) return 'dhe';
  if (/^RSA/.test(method)) return 'rsa';
  return 'unknown';
}
