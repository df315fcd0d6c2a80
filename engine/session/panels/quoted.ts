/**
 * ICMP errors quote the headers of the packet that they are about (RFC 792, RFC 4443), and a filter on an address finds those
 * too. Where a capture has such errors, the filters behind numbers leave them out: they were not counted either.
 */

const ERRORS = {
  ip: 'icmp.type in {3, 4, 5, 11, 12}',
  ipv6: 'icmpv6.type in {1, 2, 3, 4}',
} as const;

/** ` and not` an error whose own header has something else in `field`; '' where the capture has no errors. */
export function exceptQuoted(hasErrors: boolean, family: 'ip' | 'ipv6', field: string, value: string): string {
  return hasErrors ? ` and not (${ERRORS[family]} and not ${field}#1 == ${value})` : '';
}

/** The same for streams, of which an error has none of its own. */
export function exceptErrors(hasErrors: boolean): string {
  return hasErrors ? ` and not ${ERRORS.ip} and not ${ERRORS.ipv6}` : '';
}
