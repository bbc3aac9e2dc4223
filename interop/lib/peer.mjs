// A js-libp2p peer that speaks what spec/sync.md asks of the network layer: TCP, Noise, yamux, identify, ping, gossipsub.
import { gossipsub, StrictNoSign } from '@libp2p/gossipsub'
import { identify, identifyPush } from '@libp2p/identify'
import { mdns } from '@libp2p/mdns'
import { noise } from '@libp2p/noise'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'
import { createHash } from 'node:crypto'

const RPC_BYTES_MAX = 1 << 20
const MESSAGE_ID_BYTES = 20
export const AGENT = 'cairn-interop/1'

/** SHA-256(topic || data), its first 20 bytes. */
export function messageId ({ topic, data }) {
  return new Uint8Array(createHash('sha256').update(topic).update(data).digest().subarray(0, MESSAGE_ID_BYTES))
}

/** Starts a peer on a free port of 127.0.0.1; with discovery it finds others by mDNS. */
export function createPeer ({ discovery = false } = {}) {
  return createLibp2p({
    nodeInfo: { name: 'cairn-interop', version: '1', userAgent: AGENT },
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    peerDiscovery: discovery ? [mdns({ interval: 1000 })] : [],
    connectionManager: { inboundConnectionThreshold: 1000 },
    services: {
      identify: identify(),
      identifyPush: identifyPush(),
      ping: ping(),
      pubsub: gossipsub({
        globalSignaturePolicy: StrictNoSign,
        msgIdFn: messageId,
        maxInboundDataLength: RPC_BYTES_MAX,
        allowPublishToZeroTopicPeers: true
      })
    }
  })
}

/** Subscribes to a topic; take() gives one message after the other, as bytes. */
export function subscribe (peer, topic) {
  const { pubsub } = peer.services
  const waiting = []
  const takers = []
  const onMessage = ({ detail }) => {
    if (detail.topic !== topic) return
    const taker = takers.shift()
    if (taker) taker(detail.data)
    else waiting.push(detail.data)
  }
  pubsub.addEventListener('message', onMessage)
  pubsub.subscribe(topic)
  return {
    topic,
    take: () => waiting.length > 0
      ? Promise.resolve(waiting.shift())
      : new Promise(resolve => takers.push(resolve)),
    publish: data => pubsub.publish(topic, data),
    close () {
      pubsub.unsubscribe(topic)
      pubsub.removeEventListener('message', onMessage)
    }
  }
}
