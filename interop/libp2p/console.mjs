// A js-libp2p peer that does what it is told on standard input, one command a line, and answers each
// with one line on standard output: "ok ..." or "error ...". What happens by itself comes as
// "event ...". The tests of the Java stack drive it (JsPeerTest).
//
// --discover: look for peers by mDNS; --sign: gossipsub with StrictSign instead of StrictNoSign;
// --dht: take part in Cairn's DHT as a server
import { createHash } from 'node:crypto'
import { createInterface } from 'node:readline'
import { gossipsub, StrictNoSign, StrictSign } from '@libp2p/gossipsub'
import { identify, identifyPush } from '@libp2p/identify'
import { kadDHT, passthroughMapper } from '@libp2p/kad-dht'
import { mdns } from '@libp2p/mdns'
import { noise } from '@libp2p/noise'
import { peerIdFromString } from '@libp2p/peer-id'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { CID } from 'multiformats/cid'
import * as digest from 'multiformats/hashes/digest'

const MESSAGE_ID_BYTES = 20

const messageId = ({ topic, data }) =>
  createHash('sha256').update(topic).update(data).digest().subarray(0, MESSAGE_ID_BYTES)

// The signatures of its values are checked by the Cairn nodes.
const dht = () => kadDHT({
  protocol: '/cairn/kad/1.0.0',
  clientMode: false,
  peerInfoMapper: passthroughMapper,
  validators: { cairn: () => {} },
  selectors: { cairn: () => 0 }
})

const peer = await createLibp2p({
  addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
  transports: [tcp()],
  connectionEncrypters: [noise()],
  streamMuxers: [yamux()],
  connectionManager: { inboundConnectionThreshold: 1000 },
  peerDiscovery: process.argv.includes('--discover') ? [mdns({ interval: 1000 })] : [],
  services: {
    identify: identify(),
    identifyPush: identifyPush(),
    ping: ping(),
    ...(process.argv.includes('--dht') ? { dht: dht() } : {}),
    pubsub: gossipsub({
      globalSignaturePolicy: process.argv.includes('--sign') ? StrictSign : StrictNoSign,
      msgIdFn: messageId,
      allowPublishToZeroTopicPeers: true
    })
  }
})

const hex = (bytes) => Buffer.from(bytes.subarray()).toString('hex')

function connected (text) {
  const found = peer.getPeers().find((id) => id.toString() === text)
  if (found === undefined) {
    throw new Error(`not connected to ${text}`)
  }
  return found
}

async function identified (id) {
  const deadline = Date.now() + 10_000
  while (Date.now() < deadline) {
    const known = await peer.peerStore.get(id).catch(() => undefined)
    // A protocol is known as soon as a stream speaks it, and so before identify is done.
    if (known?.metadata.has('AgentVersion')) {
      return known
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`${id} was not identified in time`)
}

const bytes = (hex) => Uint8Array.from(Buffer.from(hex, 'hex'))
const content = (multihash) => CID.createV1(0x55, digest.decode(bytes(multihash)))
const peerId = (text) => peerIdFromString(text)

async function all (source) {
  const found = []
  for await (const item of source) {
    found.push(item)
  }
  return found
}

const commands = {
  address: () => peer.getMultiaddrs()[0].toString(),
  dial: async (address) => (await peer.dial(multiaddr(address))).remotePeer.toString(),
  peers: () => peer.getPeers().join(' '),
  hangup: async (id) => { await peer.hangUp(connected(id)); return id },
  ping: async (id) => String(await peer.services.ping.ping(connected(id))),
  agent: async (id) => {
    const known = await identified(connected(id))
    return new TextDecoder().decode(known.metadata.get('AgentVersion'))
  },
  protocols: async (id) => (await identified(connected(id))).protocols.join(' '),
  certified: async (id) => String((await identified(connected(id))).peerRecordEnvelope !== undefined),
  addresses: async (id) => {
    const known = await identified(connected(id))
    return known.addresses.map((address) => address.multiaddr.toString()).join(' ')
  },
  subscribe: (topic) => { peer.services.pubsub.subscribe(topic); return topic },
  subscribers: (topic) => peer.services.pubsub.getSubscribers(topic).join(' '),
  'dht-size': () => String(peer.services.dht.routingTable.size),
  'dht-find-peer': async (id) => {
    const found = await peer.peerRouting.findPeer(peerId(id))
    return found.multiaddrs.map(String).join(' ')
  },
  'dht-put': async (key, value) => { await peer.contentRouting.put(bytes(key), bytes(value)); return key },
  'dht-get': async (key) => hex(await peer.contentRouting.get(bytes(key))),
  'dht-provide': async (multihash) => { await peer.contentRouting.provide(content(multihash)); return multihash },
  'dht-providers': async (multihash) =>
    (await all(peer.contentRouting.findProviders(content(multihash)))).map(({ id }) => id.toString()).join(' '),
  publish: async (topic, data) => {
    const sent = await peer.services.pubsub.publish(topic, Buffer.from(data, 'hex'))
    return sent.recipients.join(' ')
  }
}

peer.services.pubsub.addEventListener('gossipsub:message', ({ detail }) => {
  const author = detail.msg.type === 'signed' ? detail.msg.from.toString() : '-'
  console.log(`event message ${detail.msg.topic} ${author} ${hex(detail.msg.data)}`)
})
peer.addEventListener('peer:discovery', ({ detail }) => {
  console.log(`event discovered ${detail.id} ${detail.multiaddrs.join(' ')}`)
})

console.log(`ok ${peer.peerId}`)
for await (const line of createInterface({ input: process.stdin })) {
  const [name, ...args] = line.trim().split(' ')
  try {
    console.log(`ok ${await commands[name](...args)}`.trimEnd())
  } catch (error) {
    console.log(`error ${String(error.message).replaceAll('\n', ' ')}`)
  }
}
await peer.stop()
process.exit(0)
