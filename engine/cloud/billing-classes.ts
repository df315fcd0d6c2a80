/** What clouds charge transfers by: where the other end is, seen from the machine that sends. */

export const BILLING_CLASSES = [
  'same-network',
  'other-zone',
  'peered',
  'other-region',
  'provider-service',
  'internet',
  'platform',
  'free',
  'unclassified',
] as const;
export type BillingClass = (typeof BILLING_CLASSES)[number];

export function isBillingClass(text: string): text is BillingClass {
  return (BILLING_CLASSES as readonly string[]).includes(text);
}

/** Why an address is in its class: `value.reason.ID` in the dictionaries. */
export type Reason =
  | 'platform'
  | 'local'
  | 'mapClass'
  | 'mapSame'
  | 'mapZone'
  | 'mapRegion'
  | 'mapPeered'
  | 'mapUnknownOwn'
  | 'interfaceSubnet'
  | 'rangeSameRegion'
  | 'rangeOtherRegion'
  | 'rangeRegionUnknown'
  | 'otherProvider'
  | 'providerUnknownOwn'
  | 'notListed'
  | 'noLists'
  | 'privateNotListed';
