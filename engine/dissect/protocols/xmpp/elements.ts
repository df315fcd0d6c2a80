/** Which element of XMPP is which field, by the names of the elements around it (RFC 6120, RFC 6121, XEP-0030, 0045, 0166 ...). */

/** What an element adds to the tree. */
export interface ElementRow {
  /** Field of the element's row. */
  readonly key: string;
  /** Its text is the field's value (and no row of its own). */
  readonly isText?: boolean;
  /** Fields of its attributes, by their names. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Attributes that any element has. */
export const COMMON: Readonly<Record<string, string>> = {
  id: 'id',
  type: 'type',
  from: 'from',
  to: 'to',
  xmlns: 'xmlns',
};

const row = (key: string, attributes?: ElementRow['attributes']): ElementRow =>
  attributes === undefined ? { key } : { key, attributes };
const text = (key: string): ElementRow => ({ key, isText: true });

const CANDIDATE = row('jingle.content.transport.candidate');

/** Elements right inside the stream by their names, deeper ones by `*`, the name of the element around them and their own. */
export const ELEMENTS: Readonly<Record<string, ElementRow>> = {
  iq: row('iq'),
  presence: row('presence'),
  message: row('message'),
  stream: row('stream'),
  features: row('features'),
  starttls: row('starttls'),
  proceed: row('proceed'),
  failure: row('failure'),
  success: row('success'),
  auth: row('auth'),
  challenge: row('challenge'),
  response: row('response'),
  '*failure/text': text('failure_text'),
  '*features/starttls': row('starttls'),
  '*iq/query': row('query', { node: 'query.node' }),
  '*query/item': row('query.item', {
    jid: 'query.item.jid',
    name: 'query.item.name',
    subscription: 'query.item.subscription',
    ask: 'query.item.ask',
    approved: 'query.item.approved',
    node: 'query.item.node',
  }),
  '*item/group': text('query.item.group'),
  '*query/identity': row('query.identity', {
    category: 'query.identity.category',
    type: 'query.identity.type',
    name: 'query.identity.name',
    'xml:lang': 'query.identity.lang',
  }),
  '*query/streamhost': row('query.streamhost'),
  '*query/streamhost-used': row('query.streamhost-used'),
  '*query/activate': text('query.activate'),
  '*iq/bind': row('iq.bind'),
  '*bind/jid': text('iq.bind.jid'),
  '*bind/resource': text('iq.bind.resource'),
  '*iq/session': row('iq.session'),
  '*iq/vCard': row('vcard'),
  '*iq/ping': row('ping'),
  '*iq/error': row('error', { code: 'error.code', type: 'error.type' }),
  '*message/error': row('error', { code: 'error.code', type: 'error.type' }),
  '*presence/error': row('error', { code: 'error.code', type: 'error.type' }),
  '*error/text': text('error.text'),
  '*iq/open': row('ibb.open'),
  '*iq/close': row('ibb.close'),
  '*iq/data': row('ibb.data'),
  '*iq/si': row('si'),
  '*si/file': row('si.file'),
  '*presence/show': text('presence.show'),
  '*presence/status': row('presence.status'),
  '*presence/c': row('presence.caps'),
  '*message/body': row('message.body'),
  '*message/subject': row('message.subject'),
  '*message/thread': row('message.thread', { parent: 'message.thread.parent' }),
  '*message/delay': row('delay'),
  '*presence/delay': row('delay'),
  '*x/field': row('x-data.field'),
  '*field/value': row('x-data.field.value'),
  '*x/instructions': text('x-data.instructions'),
  '*iq/jingle': row('jingle', {
    action: 'jingle.action',
    sid: 'jingle.sid',
    initiator: 'jingle.initiator',
    responder: 'jingle.responder',
  }),
  '*jingle/reason': row('jingle.reason'),
  '*jingle/content': row('jingle.content', {
    creator: 'jingle.content.creator',
    name: 'jingle.content.name',
    disposition: 'jingle.content.disposition',
    senders: 'jingle.content.senders',
  }),
  '*content/description': row('jingle.content.description', {
    media: 'jingle.content.description.media',
    ssrc: 'jingle.content.description.ssrc',
  }),
  '*description/payload-type': row('jingle.content.description.payload-type', {
    id: 'jingle.content.description.payload-type.id',
    name: 'jingle.content.description.payload-type.name',
    clockrate: 'jingle.content.description.payload-type.clockrate',
    channels: 'jingle.content.description.payload-type.channels',
  }),
  '*content/transport': row('jingle.content.transport', {
    ufrag: 'jingle.content.transport.ufrag',
    pwd: 'jingle.content.transport.pwd',
  }),
  '*transport/candidate': CANDIDATE,
};

/** Elements of one name that stand for different things, by their namespace. */
export const BY_NAMESPACE: Readonly<Record<string, ElementRow>> = {
  'jabber:x:data': row('x-data'),
  'http://jabber.org/protocol/muc': row('muc-x'),
  'http://jabber.org/protocol/muc#user': row('muc-user-x'),
  'vcard-temp:x:update': row('vcard-update'),
};

/** Chat states (XEP-0085) are elements by their names alone. */
export const CHAT_STATES: ReadonlySet<string> = new Set(['active', 'composing', 'gone', 'inactive', 'paused']);
