/** More of what build-conversations.ts holds: protocols whose messages are XML. */

import { utf8 } from './build-bytes.ts';
import type { Conversation, Message } from './conversation.ts';

const client = (text: string): Message => ['client', utf8(text)];
const server = (text: string): Message => ['server', utf8(text)];

const STREAM = `xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'`;
const JINGLE = `<jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' sid='s1' initiator='a@example.org/desk' responder='b@example.org/desk'>
<content creator='initiator' name='voice' disposition='session' senders='both'>
<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio' ssrc='7'><payload-type id='0' name='PCMU' clockrate='8000' channels='1'/></description>
<transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='u1' pwd='p1'><candidate ip='192.0.2.9' port='40000'/></transport>
</content><reason><success/></reason></jingle>`;

const xmpp: Conversation = {
  name: 'xmpp',
  port: 5222,
  transport: 'tcp',
  layer: 'xmpp',
  framed: true,
  messages: [
    client(`<?xml version='1.0'?>`),
    client(`<stream:stream to='example.org' ${STREAM} version='1.0'>`),
    server(
      `<?xml version='1.0'?><stream:stream from='example.org' id='s' ${STREAM}><stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>`,
    ),
    client(`<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>`),
    server(`<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>`),
    client(`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGEAYg==</auth>`),
    server(`<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>cj0x</challenge>`),
    client(`<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>`),
    server(`<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>`),
    client(
      `<iq type='set' id='b1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>desk</resource></bind></iq>`,
    ),
    server(
      `<iq type='result' id='b1' to='a@example.org'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>a@example.org/desk</jid></bind></iq>`,
    ),
    client(
      `<iq type='get' id='r1' to='example.org'><query xmlns='http://jabber.org/protocol/disco#info' node='n'/></iq><iq type='set' id='s1'><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq>`,
    ),
    server(
      `<iq type='result' id='r1' from='example.org'><query xmlns='jabber:iq:roster'><identity category='server' type='im' name='x' xml:lang='en'/><feature var='urn:xmpp:ping'/><item jid='b@example.org' name='B' subscription='both' ask='subscribe' approved='true' node='n'><group>Ops</group></item><streamhost jid='p.example.org'/><streamhost-used jid='p'/><activate>c</activate></query></iq>`,
    ),
    server(
      `<iq type='error' id='s1'><error code='503' type='cancel'><service-unavailable/><text>not &lt;here&gt;</text></error></iq>`,
    ),
    client(
      `<presence><show>away</show><status>busy</status><c node='n' ver='1'/><delay stamp='2026-01-01T00:00:00Z'/><x xmlns='vcard-temp:x:update'/></presence>`,
    ),
    client(
      `<message type='chat' to='b@example.org'><subject>Hi</subject><body>Lunch &amp; talk?</body><thread parent='t0'>t1</thread><composing xmlns='http://jabber.org/protocol/chatstates'/></message>`,
    ),
    client(
      `<message to='room@example.org'><x xmlns='jabber:x:data'><instructions>Fill</instructions><field var='f'><value>1</value></field></x><x xmlns='http://jabber.org/protocol/muc#user'/></message>`,
    ),
    client(`<presence to='room@example.org/a'><x xmlns='http://jabber.org/protocol/muc'/></presence>`),
    client(`<iq type='set' id='j1' to='b@example.org/desk'>${JINGLE}</iq>`),
    client(
      `<iq type='set' id='f1'><si id='x'><file name='a.txt' size='3'/></si></iq><iq type='get' id='p1'><ping/></iq>`,
    ),
    client(`<iq type='set' id='o1'><open sid='i1'/></iq><iq type='set' id='o2'><data seq='0'>QQ==</data></iq>`),
    client(`<iq type='set' id='o3'><close sid='i1'/></iq><iq type='get' id='v1'><vCard xmlns='vcard-temp'/></iq>`),
    client(' '),
    server(`<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><text>no more</text></failure>`),
    server('</stream:stream>'),
  ],
  // Where stanzas come together, tshark names the last alone.
  says: [
    'XML ',
    'STREAM > example.org ',
    'STREAM < example.org ',
    'STARTTLS ',
    'PROCEED ',
    'AUTH ',
    'CHALLENGE ',
    'RESPONSE ',
    'SUCCESS ',
    'IQ(set) BIND ',
    'IQ(result) BIND ',
    'IQ(get) QUERY(http://jabber.org/protocol/disco#info) > example.org IQ(set) SESSION ',
    'IQ(result) QUERY(jabber:iq:roster) < example.org ',
    'IQ(error) ',
    'PRESENCE ',
    'MESSAGE > b@example.org ',
    'MESSAGE > room@example.org ',
    'PRESENCE > room@example.org/a ',
    'IQ(set) JINGLE(session-initiate) > b@example.org/desk ',
    'IQ(set) SI IQ(get) PING ',
    'IQ(set) OPEN IQ(set) DATA ',
    'IQ(set) CLOSE IQ(get) VCARD ',
    'Whitespace keepalive ',
    'FAILURE ',
    'STREAM END',
  ].map((info) => `xmpp:xml | XMPP/XML | ${info}`),
};

const SOAP = `<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope' xmlns:a='http://schemas.xmlsoap.org/ws/2004/08/addressing' xmlns:d='http://schemas.xmlsoap.org/ws/2005/04/discovery'>`;
const ACTION = 'http://schemas.xmlsoap.org/ws/2005/04/discovery';
const DEVICE = '<a:EndpointReference><a:Address>urn:uuid:0d1</a:Address></a:EndpointReference>';

/** Not in tshark, which shows its datagrams as data. */
const wsDiscovery: Conversation = {
  name: 'wsd',
  port: 3702,
  transport: 'udp',
  layer: 'wsd',
  framed: false,
  messages: [
    client(
      `<?xml version='1.0'?>${SOAP}<s:Header><a:Action>${ACTION}/Probe</a:Action><a:MessageID>urn:uuid:1</a:MessageID><a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To></s:Header><s:Body><d:Probe><d:Types>wsdp:Device</d:Types><d:Scopes>onvif://www.onvif.org</d:Scopes></d:Probe></s:Body></s:Envelope>`,
    ),
    server(
      `${SOAP}<s:Header><a:Action>${ACTION}/ProbeMatches</a:Action><a:RelatesTo>urn:uuid:1</a:RelatesTo><d:AppSequence InstanceId='5' MessageNumber='2'/></s:Header><s:Body><d:ProbeMatches><d:ProbeMatch>${DEVICE}<d:Types>wsdp:Device print:Printer</d:Types><d:XAddrs>http://192.0.2.20:5357/0d1</d:XAddrs><d:MetadataVersion>1</d:MetadataVersion></d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>`,
    ),
    server(
      `${SOAP}<s:Header><a:Action>${ACTION}/Bye</a:Action></s:Header><s:Body><d:Bye>${DEVICE}</d:Bye></s:Body></s:Envelope>`,
    ),
    server(`${SOAP}<s:Header/><s:Body/></s:Envelope>`),
  ],
  says: [
    'wsd:xml | WS-Discovery | Probe wsdp:Device',
    'wsd:xml | WS-Discovery | ProbeMatches wsdp:Device print:Printer',
    'wsd:xml | WS-Discovery | Bye urn:uuid:0d1',
    'wsd:xml | WS-Discovery | XML',
  ],
};

export const xmlConversations: readonly Conversation[] = [wsDiscovery, xmpp];
